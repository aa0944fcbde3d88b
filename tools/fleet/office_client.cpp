#include "tools/fleet/office_client.hpp"

#include <algorithm>
#include <thread>

#include "firmware/report/office_requests.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_trouble = 60s;  ///< of an office or its database server that comes back
constexpr auto first_pause = 100ms, longest_pause = 2'000ms;

bool may_change(const firmware::OfficeAnswer& answer) {
    return answer.status == 0 || answer.status == 429 || answer.status >= 500;
}

}  // namespace

void Traffic::add(const Traffic& other) {
    health_reports += other.health_reports;
    batches += other.batches;
    records += other.records;
    enrolments += other.enrolments;
    bytes_sent += other.bytes_sent;
    tried_again += other.tried_again;
    health_ms.insert(health_ms.end(), other.health_ms.begin(), other.health_ms.end());
    batch_ms.insert(batch_ms.end(), other.batch_ms.begin(), other.batch_ms.end());
}

firmware::OfficeAnswer OfficeClient::send(const firmware::OfficeRequest& request, std::vector<float>* times) {
    firmware::OfficeAnswer answer;
    const auto deadline = std::chrono::steady_clock::now() + longest_trouble;
    for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        const auto began = std::chrono::steady_clock::now();
        answer = connection_.send(request);
        const auto took = std::chrono::steady_clock::now() - began;
        traffic_.bytes_sent += static_cast<std::int64_t>(request.body.size());
        if (times) times->push_back(std::chrono::duration<float, std::milli>(took).count());
        if (!may_change(answer) || began > deadline) break;
        ++traffic_.tried_again;
        std::this_thread::sleep_for(pause);
    }
    if (answer.status == 200 || answer.status == 201) return answer;
    throw Error(request.method + ' ' + request.path + ": the office answered " +
                std::to_string(answer.status) + ' ' + (answer.fault.empty() ? answer.body : answer.fault));
}

std::string OfficeClient::enrol(const FleetDevice& device, const std::string& claim_code) {
    const auto answer = send(firmware::enrolment_request(
                                 {claim_code, device.key().public_hex(), device.setup().place.id, "fleet"}),
                             nullptr);
    ++traffic_.enrolments;
    return content::parse_enrolment_answer(answer.body).office_key;
}

void OfficeClient::report(FleetDevice& device, Instant now) {
    const auto answer =
        send(firmware::health_request(device.setup().board, content::write_health(device.health(now)),
                                      device.key()),
             &traffic_.health_ms);
    ++traffic_.health_reports;
    const auto said = content::read_health_answer(answer.body, device.office_key);
    if (said.two_boards) device.has_twin = true;
    send_batches(device);
}

void OfficeClient::send_batches(FleetDevice& device) {
    auto count = firmware::batch_records;
    while (const auto batch = device.chain().next_batch(count)) {
        const auto request = firmware::batch_request(*batch, device.key());
        if (request.body.size() > firmware::batch_bytes && count > 1) {
            count /= 2;
            continue;
        }
        const auto answer = send(request, &traffic_.batch_ms);
        device.chain().accept_receipt(content::parse_receipt(answer.body, device.office_key));
        ++traffic_.batches;
        traffic_.records += static_cast<std::int64_t>(batch->airings.size());
    }
    device.told_all();
}

}  // namespace riverlight::fleet

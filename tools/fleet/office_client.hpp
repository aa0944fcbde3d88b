#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "content/airing/enrolment.hpp"
#include "firmware/report/office_connection.hpp"
#include "tools/fleet/fleet_device.hpp"

namespace riverlight::fleet {

/// What a fleet sent, and how long the office took to answer.
struct Traffic {
    std::int64_t health_reports = 0, batches = 0, records = 0, enrolments = 0;
    std::int64_t bytes_sent = 0;  ///< of bodies, as they travelled
    std::int64_t tried_again = 0;
    std::vector<float> health_ms{}, batch_ms{};  ///< of each answer
    void add(const Traffic& other);
};

/// Speaks to the office for one board after the other, over one connection that stays open. For one thread.
class OfficeClient {
  public:
    explicit OfficeClient(const std::string& url) : connection_(url, "") {}

    /// The office's key, hex. Throws Error for any answer but an enrolment.
    [[nodiscard]] std::string enrol(const FleetDevice& device, const std::string& claim_code);
    /// A health report, and all records that the office lacks. Throws Error for a refusal, and after five
    /// tries without an answer.
    void report(FleetDevice& device, Instant now);
    [[nodiscard]] const Traffic& traffic() const { return traffic_; }

  private:
    [[nodiscard]] firmware::OfficeAnswer send(const firmware::OfficeRequest& request,
                                              std::vector<float>* times);
    void send_batches(FleetDevice& device);

    firmware::OfficeConnection connection_;
    Traffic traffic_;
};

}  // namespace riverlight::fleet

#include "tools/fleet/fleet.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "content/base/json.hpp"
#include "tools/office/access.hpp"
#include "tools/office/enrolment.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto user = "fleet", password = "fleet-of-boards";
constexpr auto longest_wait = 30min;  // of real time, for an office that plans ten thousand days
constexpr auto look_every = 5ms;

milliseconds since(SteadyTime began) {
    return std::chrono::round<milliseconds>(std::chrono::steady_clock::now() - began);
}

/// Which trouble each board has: each trouble takes its share of boards that have none yet, drawn by chance.
std::vector<const Trouble*> deal_troubles(const Scenario& scenario) {
    const auto count = static_cast<std::size_t>(scenario.boards);
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), std::mt19937(scenario.seed));
    std::vector<const Trouble*> out(count, nullptr);
    std::size_t next = 0;
    for (const auto& [percent, trouble] : scenario.troubles) {
        const auto share = std::max<std::size_t>(1, count * static_cast<std::size_t>(percent) / 100);
        for (std::size_t n = 0; n < share && next < count; ++n) out[order[next++]] = &trouble;
    }
    return out;
}

template <class Probe>
void wait_until(const std::string& what, const Probe& probe) {
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    while (!probe()) {
        if (std::chrono::steady_clock::now() > deadline) throw Error("the office does not " + what);
        std::this_thread::sleep_for(look_every);
    }
}

}  // namespace

Fleet::Fleet(Scenario scenario, FleetOptions options)
    : scenario_(std::move(scenario)), options_(std::move(options)), troubles_(deal_troubles(scenario_)) {}
Fleet::~Fleet() = default;

void Fleet::prepare() {
    const auto begin = scenario_.begin();
    const bool is_new = !office::SimulatedClock::is_in(state_folder());
    if (is_new) office::SimulatedClock::make(state_folder(), begin);
    clock_ = std::make_unique<office::SimulatedClock>(state_folder());
    channel_ = std::make_unique<FleetChannel>(options_.folder + "/channel", scenario_);
    if (clock_->now() != begin)
        throw Error(state_folder() + ": a fleet has lived here already; begin in a folder of its own");
    releases_ = {channel_->publish(scenario_.releases.front(), begin)};
    office::OfficeStore store(state_folder());
    office::Access::set_user(store, user, password);
}

std::string Fleet::serve_words() const {
    return "riverlight-office serve --simulated-time --state " + state_folder() + " --channel " +
           channel_->url() + " --channel-root " + channel_->root();
}

void Fleet::make_boards() {
    const auto& catalogue = releases_.front()->content->catalogue;
    const auto ids = place_ids(scenario_);
    for (std::size_t n = 0; n < ids.size(); ++n)
        boards_.push_back(std::make_unique<FleetBoard>(scenario_, *catalogue.place(ids[n]), troubles_[n],
                                                       releases_, subjects_));
}

void Fleet::connect() {
    if (options_.office_url.empty())
        process_ = std::make_unique<OfficeProcess>(
            OfficeProcess::Setup{options_.office_program, state_folder(), channel_->url(), channel_->root(),
                                 options_.folder + "/office.log"});
    url_ = process_ ? process_->url() : options_.office_url;
    reader_ = std::make_unique<OfficeReader>(url_, user, password);
    for (int n = 0; n < options_.threads; ++n) clients_.push_back(std::make_unique<OfficeClient>(url_));
}

/// Each board on one of the threads, which go on to the end even if one of them fails.
void Fleet::for_each_board(const Work& work) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr fault;
    const auto run = [&](OfficeClient& client) {
        try {
            for (auto n = next++; n < boards_.size(); n = next++) work(*boards_[n], client);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!fault) fault = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    for (const auto& client : clients_) threads.emplace_back([&run, &client] { run(*client); });
    for (auto& thread : threads) thread.join();
    if (fault) std::rethrow_exception(fault);
}

/// Claim codes and approvals are a person's, and come by the way of the command line: the office's own store.
void Fleet::enrol_all() {
    const auto began = std::chrono::steady_clock::now();
    const auto now = scenario_.begin();
    office::OfficeStore store(state_folder());
    std::map<std::string, std::string> codes;
    for (const auto& board : boards_)
        codes[board->id()] = office::issue_claim_code(store, board->id(), board->id(), now);
    for_each_board([&](FleetBoard& board, OfficeClient& client) {
        auto& device = *board.devices().front();
        device.office_key = client.enrol(device, codes.at(board.id()));
    });
    for (const auto& board : boards_)
        office::approve_board(store, board->id(),
                              key_fingerprint(board->devices().front()->key().public_hex()));
    for (const auto& board : boards_) board->start(now);
    report_.enrolling = since(began);
    tell(std::to_string(boards_.size()) + " boards have enrolled");
}

std::map<Instant, Fleet::Tick> Fleet::ticks() const {
    std::map<Instant, Tick> out;
    for (auto at = scenario_.begin() + scenario_.report_every; at < scenario_.end();
         at += scenario_.report_every)
        out[at].report = true;
    out[scenario_.end()].report = true;
    // Between two seconds: no airing begins then.
    for (std::size_t n = 1; n < scenario_.releases.size(); ++n)
        if (scenario_.releases[n].at < scenario_.midnight(scenario_.days))
            out[scenario_.releases[n].at + 500ms].release = &scenario_.releases[n];
    for (const auto& board : boards_)
        if (const auto at = board->replaced_at()) out[*at].replaced.push_back(board.get());
    return out;
}

void Fleet::set_clock(Instant at) {
    const auto began = std::chrono::steady_clock::now();
    clock_->set(at);
    wait_until("keep up with its clock", [&] { return clock_->done_until() >= at; });
    report_.office_kept_waiting += since(began);
}

void Fleet::publish(const ScenarioRelease& release, Instant at) {
    releases_.push_back(channel_->publish(release, at));
    const auto began = std::chrono::steady_clock::now();
    const auto& name = releases_.back()->content->release;
    // A country that no place is in: the office works out nothing.
    wait_until("take over release " + name, [&] {
        const auto planned = reader_->get_json("/v1/planned?country=ZZ&day=" + to_iso(scenario_.first_day));
        return planned.at("release").as_string() == name;
    });
    report_.office_kept_waiting += since(began);
    set_clock(at + 1us);
    tell("release " + name + " is published");
}

void Fleet::replace(FleetBoard& board, Instant at) {
    auto& client = *clients_.front();
    board.run_until(at);
    client.report(*board.devices().front(), at);
    office::OfficeStore store(state_folder());
    auto& device = board.replace_device(at);
    device.office_key = client.enrol(device, office::issue_claim_code(store, board.id(), board.id(), at));
    office::approve_board(store, board.id(), key_fingerprint(device.key().public_hex()));
}

void Fleet::live(Instant at, const Tick& tick) {
    set_clock(at);
    if (tick.release) publish(*tick.release, at);
    for (auto* board : tick.replaced) replace(*board, at);
    if (!tick.report) return;
    for_each_board([at](FleetBoard& board, OfficeClient& client) {
        board.run_until(at);
        for (const auto& device : board.devices())
            if (device->is_on() && device->is_online(at)) client.report(*device, at);
    });
}

std::vector<ReleaseSpread> Fleet::spreads() const {
    std::vector<ReleaseSpread> out;
    for (std::size_t n = 1; n < releases_.size(); ++n) {
        ReleaseSpread spread;
        spread.release = releases_[n]->content->release;
        std::vector<std::chrono::seconds> after;
        std::map<std::chrono::seconds, std::size_t> in_second;
        for (const auto& board : boards_) {
            const auto& visits = board->devices().front()->visits().first_visits();
            if (visits.size() <= n) continue;
            const auto late = std::chrono::floor<std::chrono::seconds>(visits[n] - releases_[n]->published);
            if (late < 0s || late > 2 * scenario_.visit_every) continue;
            after.push_back(late);
            spread.most_in_a_second = std::max(spread.most_in_a_second, ++in_second[late]);
        }
        std::sort(after.begin(), after.end());
        spread.boards = after.size();
        if (!after.empty()) {
            spread.half = after[after.size() / 2];
            spread.last = after.back();
        }
        out.push_back(spread);
    }
    return out;
}

FleetReport Fleet::run() {
    prepare();
    make_boards();
    connect();
    wait_until("follow the channel", [&] {
        return reader_->get_json("/v1/planned?country=ZZ").at("release").as_string() ==
               releases_.front()->content->release;
    });
    enrol_all();
    const auto began = std::chrono::steady_clock::now();
    auto day = 0;
    for (const auto& [at, tick] : ticks()) {
        live(at, tick);
        for (; day < scenario_.days && scenario_.midnight(day + 1) <= at; ++day)
            tell("day " + std::to_string(day + 1) + " is over");
    }
    report_.living = since(began);
    if (process_) report_.use = process_->so_far();
    tell("the office's figures are compared with the ledger");
    const auto lived = std::chrono::steady_clock::now();
    report_.check = check_figures({scenario_, releases_, boards_, subjects_, scenario_.begin()}, *reader_,
                                  options_.threads);
    report_.checking = since(lived);
    report_.spreads = spreads();
    for (const auto& client : clients_) report_.traffic.add(client->traffic());
    report_.boards = scenario_.boards;
    report_.days = scenario_.days;
    if (process_) process_->stop();
    const auto file = state_folder() + "/office.db";  // a server's database is not measured here
    if (std::filesystem::exists(file))
        report_.database_bytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
    return std::move(report_);
}

}  // namespace riverlight::fleet

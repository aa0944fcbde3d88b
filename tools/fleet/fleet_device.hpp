#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "content/airing/health.hpp"
#include "content/base/crypto.hpp"
#include "tools/fleet/fleet_channel.hpp"
#include "tools/fleet/ledger.hpp"
#include "tools/fleet/record_chain.hpp"
#include "tools/fleet/simulated_board.hpp"

namespace riverlight::fleet {

/// The releases so far, by time; grows only while no board runs.
using Releases = std::vector<std::shared_ptr<const FleetRelease>>;

/// When a device looks at its channel, and what it has seen there: as firmware/follow does it, with a jitter
/// of the intervals.
class ChannelVisits {
  public:
    ChannelVisits(std::chrono::seconds every, std::uint32_t seed) : every_(every), chance_(seed + 1) {}
    /// The device starts: it visits the channel at once.
    void start(Instant at) { next_ = at; }
    /// Visits until then, except from `offline` to `online`.
    void run_until(Instant until, const Releases& releases, Instant offline, Instant online);
    /// Index of the newest release that was seen; nothing before the first visit.
    [[nodiscard]] std::optional<std::size_t> seen() const { return seen_; }
    /// When each release was first seen, in their order.
    [[nodiscard]] const std::vector<Instant>& first_visits() const { return first_visits_; }

  private:
    std::chrono::seconds every_;
    std::minstd_rand chance_;
    Instant next_{};
    std::optional<std::size_t> seen_;
    std::vector<Instant> first_visits_;
};

/// A device that reports as one board. More than 12 members: what it was given, its parts, and what it has of
/// each.
class FleetDevice {
  public:
    struct Setup {
        std::string board;
        content::Place place;
        std::uint32_t seed = 0;
        int lies_percent = 0;
        std::chrono::seconds visit_every{300};
        Instant offline{}, online{};  ///< without a network from the one to the other
        std::string key_seed;         ///< 64 hex digits
    };
    FleetDevice(Setup setup, const Releases& releases, PlaceLedger& ledger);
    FleetDevice(const FleetDevice&) = delete;

    void start(Instant at, std::chrono::seconds behind = std::chrono::seconds{0}, Instant fixed = {});
    void run_until(Instant until) { board_.run_until(until); }
    void cut_power(Instant at) { board_.cut_power(at); }
    void set_in_service_since(Instant since) { board_.set_in_service_since(since); }

    [[nodiscard]] bool is_on() const { return board_.is_on(); }
    [[nodiscard]] bool is_online(Instant at) const { return at < setup_.offline || at >= setup_.online; }
    [[nodiscard]] const Setup& setup() const { return setup_; }
    [[nodiscard]] const SigningKey& key() const { return key_; }
    [[nodiscard]] const ChannelVisits& visits() const { return visits_; }
    [[nodiscard]] RecordChain& chain() { return chain_; }
    [[nodiscard]] content::HealthReport health(Instant now) const;
    /// The office holds every record: what they tell goes to the ledger.
    void told_all();

    std::string office_key;  ///< from the enrolment, hex
    bool has_twin = false;   ///< the office said so

  private:
    [[nodiscard]] std::shared_ptr<const firmware::Programme> programme_at(Instant now);

    const Setup setup_;
    const Releases& releases_;
    PlaceLedger& ledger_;
    SigningKey key_;
    ChannelVisits visits_;
    std::string run_, after_;  ///< this run of the program, and the one before
    RecordChain chain_;
    std::vector<Deed> untold_;
    std::shared_ptr<const firmware::Programme> programme_;
    std::optional<std::size_t> programme_of_;  ///< index of its release
    SimulatedBoard board_;                     ///< last: it calls the others
};

}  // namespace riverlight::fleet

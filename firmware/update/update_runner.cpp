#include "firmware/update/update_runner.hpp"

#include <filesystem>
#include <utility>
#include <variant>

#include "content/base/files.hpp"
#include "content/sync/system_image.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

/// When the bundle had arrived: nothing writes it after that.
std::optional<Instant> time_of(const std::string& path) {
    std::error_code ec;
    const auto written = fs::last_write_time(path, ec);
    if (ec) return {};
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::file_clock::to_sys(written));
}

}  // namespace

UpdateRunner::UpdateRunner(Setup setup, MonotonicTime now)
    : setup_(std::move(setup)),
      updater_({setup_.system, setup_.boot, read_update_note(setup_.state_folder)}, now) {}

WaveSubject UpdateRunner::subject() const {
    return {setup_.system,
            {setup_.board, tags_.value_or(std::vector<std::string>{})},
            updater_.note().barred(),
            tags_.has_value()};
}

content::SystemImageRequest UpdateRunner::request(std::function<Instant()> now) const {
    return make_image_request(subject(), std::move(now));
}

ChannelOffer UpdateRunner::look_at_store(Instant now) const {
    ChannelOffer offer;
    offer.trouble = trouble_;
    const auto kept = content::read_kept_waves(setup_.store, setup_.system.compatible);
    if (!kept) return offer;
    offer.choice = choose_wave(kept->waves, subject(), now);
    offer.signed_until = kept->signed_until;
    for (const auto& wave : kept->waves.waves)
        if (!wave.hold.empty()) offer.held.emplace(wave.version, wave.hold);
    if (!offer.choice.wave) return offer;
    const auto& wave = *offer.choice.wave;
    if (content::has_bundle(setup_.store, wave)) {
        offer.bundle = BundlePresence::whole;
        offer.since = time_of(content::bundle_file(setup_.store, wave.sha256));
    } else if (content::has_begun_bundle(setup_.store, wave)) {
        offer.bundle = BundlePresence::part;
    }
    return offer;
}

void UpdateRunner::poll(const ClockReading& clock, const PlaceHours& place) {
    // The slots first: nothing is decided on what they were before.
    if (auto slots = read_slot_report(setup_.paths.slots()); slots && slots != slots_) {
        handle(SlotsSeen{slots}, clock);
        slots_ = std::move(slots);
    }
    if (auto answer = read_answer(setup_.paths.answer()); answer && answer != answer_) {
        handle(*answer, clock);
        answer_ = std::move(answer);
    }
    handle(look_at_store(clock.now), clock);
    const bool known = clock.state != content::ClockState::floor;
    handle(UpdateMoment{is_idle_at(place, clock.now), known}, clock);
    find_next_idle(place, clock.now);
}

void UpdateRunner::find_next_idle(const PlaceHours& place, Instant now) {
    if (updater_.report().wait != content::UpdateWait::open) return next_.reset();
    if (next_ && now < *next_ && place == place_) return;
    place_ = place;
    next_ = next_idle(place, now);
}

void UpdateRunner::handle(const UpdateEvent& event, const ClockReading& clock) {
    for (const auto& action : updater_.handle(event, clock.now, clock.monotonic))
        std::visit([this](const auto& one) { act(one); }, action);
}

void UpdateRunner::act(const AskInstaller& action) const {
    write_request(setup_.paths.request(), action.request);
}

void UpdateRunner::act(const WithdrawRequest&) const {
    std::error_code ec;
    fs::remove(setup_.paths.request(), ec);
}

void UpdateRunner::act(const RemoveBundle& action) const {
    content::remove_bundle(setup_.store, action.sha256);
}

void UpdateRunner::act(const KeepNote&) const {
    write_update_note(setup_.state_folder, updater_.note());
}

SystemView UpdateRunner::view() const {
    SystemView view{updater_.report(), setup_.system.compatible, true, updater_.slots(), {}, {}, {}, next_};
    if (view.slots)
        view.other_version =
            updater_.note().slot_versions.at(static_cast<std::size_t>(other_slot(view.slots->running)));
    view.why = updater_.note().last_why;
    view.trouble = updater_.why_it_waits();
    return view;
}

}  // namespace riverlight::firmware

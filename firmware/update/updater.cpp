#include "firmware/update/updater.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::firmware {

using content::UpdateFault;
using content::UpdateState;
using content::UpdateWait;

namespace {

UpdateWait wait_of(content::ImageFault fault) {
    switch (fault) {
        case content::ImageFault::unreachable:
            return UpdateWait::unreachable;
        case content::ImageFault::unusable:
            return UpdateWait::unusable;
        case content::ImageFault::no_room:
            return UpdateWait::no_room;
        case content::ImageFault::disk:
            return UpdateWait::disk;
    }
    assert(false && "a fault of the enumeration");
    return UpdateWait::unreachable;
}

/// Why a slot was given up, as people are told.
UpdateFault fault_of(SlotFault fault) {
    switch (fault) {
        case SlotFault::starts_used:
            return UpdateFault::starts_used;
        case SlotFault::root_damaged:
            return UpdateFault::root_damaged;
        case SlotFault::did_not_play:
            return UpdateFault::did_not_play;
        case SlotFault::none:
        case SlotFault::unknown:
            return UpdateFault::unknown;
    }
    assert(false && "a fault of the enumeration");
    return UpdateFault::unknown;
}

UpdateStep step_of(const ChannelOffer& offer) {
    if (!offer.choice.wave) return UpdateStep::nothing;
    switch (offer.bundle) {
        case BundlePresence::absent:
            return UpdateStep::lack;
        case BundlePresence::part:
            return UpdateStep::part;
        case BundlePresence::whole:
            return UpdateStep::whole;
    }
    assert(false && "a presence of the enumeration");
    return UpdateStep::lack;
}

UpdateStep step_of(const SlotReport& report) {
    const auto other = other_slot(report.running);
    if (report.state.of(report.running).trust == SlotTrust::unsure) return UpdateStep::unproved;
    if (report.state.first == other && report.state.of(other).trust == SlotTrust::unsure)
        return UpdateStep::written;
    return UpdateStep::settled;
}

}  // namespace

Updater::Updater(Setup setup, MonotonicTime now)
    : system_(std::move(setup.system)), boot_(std::move(setup.boot)), note_(std::move(setup.note)) {
    // An earlier run of the daemon in this boot asked for it, and the installer goes on.
    if (!note_.tried || note_.tried->written || note_.tried->boot != boot_) return;
    state_ = UpdateState::installing;
    asked_ = now;
}

std::vector<UpdateAction> Updater::handle(const UpdateEvent& event, Instant now, MonotonicTime monotonic) {
    now_ = now;
    monotonic_ = monotonic;
    const auto before = note_;
    std::visit([this](const auto& one) { on(one); }, event);
    if (note_ != before) actions_.insert(actions_.begin(), KeepNote{});
    return std::exchange(actions_, {});
}

void Updater::take(UpdateStep step) {
    const auto next = next_state(state_, step);
    if (!next)
        throw Error("an update in the state '" + std::string(to_text(state_)) + "' does not expect '" +
                    std::string(to_text(step)) + "'");
    if (std::exchange(state_, *next) != state_)
        spdlog::info("system update: {} after {}, version {}", to_text(state_), to_text(step), target());
}

void Updater::on(const ChannelOffer& offer) {
    offer_ = offer;
    take(step_of(offer));
}

void Updater::on(const SlotsSeen& seen) {
    if (seen.report) {
        slots_ = seen.report;
        note_.slot_versions.at(static_cast<std::size_t>(slots_->running)) = system_.version.text();
        resolve_tried();
        take(step_of(*slots_));
    }
}

/// What became of the version that was tried last, by what the slots hold.
void Updater::resolve_tried() {
    if (!note_.tried) return;
    auto& tried = *note_.tried;
    const auto& record = slots_->state.of(tried.slot);
    const bool runs = tried.slot == slots_->running;
    switch (record.trust) {
        case SlotTrust::sure:
            // One that never was written is what was there before.
            if (runs || tried.written) return finish(UpdateFault::none);
            break;
        case SlotTrust::unsure:
            if (!runs && state_ == UpdateState::installing) return;  // the installer's answer follows
            tried.written = true;
            return;
        case SlotTrust::failed:
            if (!runs) return finish(fault_of(record.fault));
            return;  // the board starts again, into the other slot
        case SlotTrust::empty:
            break;
    }
    if (state_ != UpdateState::installing) finish(UpdateFault::interrupted);
}

void Updater::finish(UpdateFault fault, const std::string& why) {
    const auto& tried = *note_.tried;
    note_.last = {tried.version, fault, now_};
    note_.last_why = why;
    if (fault == UpdateFault::none) {
        spdlog::info("system update: version {} plays", tried.version);
    } else {
        note_.add_refused(tried, fault, now_);
        failed_ = monotonic_;
        spdlog::error("system update: version {} {}{}{}", tried.version, words_of(fault),
                      why.empty() ? "" : ": ", why);
    }
    note_.tried.reset();
}

void Updater::on(const InstallerAnswer& answer) {
    if (answer.number != note_.number) return;  // of an earlier request
    begun_ = true;
    if (!answer.done) return;
    if (state_ == UpdateState::restart_due) {
        if (answer.fault != UpdateFault::none)
            spdlog::error("system update: the board could not be started again: {}", answer.why);
        return;
    }
    if (state_ != UpdateState::installing) return;  // read again
    if (answer.fault != UpdateFault::none) return refuse(answer.fault, answer.why);
    note_.tried->written = true;
    note_.slot_versions.at(static_cast<std::size_t>(note_.tried->slot)) = note_.tried->version;
    actions_.emplace_back(RemoveBundle{note_.tried->sha256});
    asked_.reset();
    take(UpdateStep::done);
}

void Updater::refuse(UpdateFault fault, const std::string& why) {
    const auto sha256 = note_.tried->sha256;
    finish(fault, why);
    // Damaged bytes are fetched again; a bundle that is refused for good takes room.
    if (fault == UpdateFault::bad_digest || note_.barred().contains(sha256))
        actions_.emplace_back(RemoveBundle{sha256});
    take(UpdateStep::refused);
}

UpdateWait Updater::wait_to_install(const UpdateMoment& moment) const {
    if (!moment.clock_known) return UpdateWait::clock;
    if (offer_.choice.wait != UpdateWait::none) return offer_.choice.wait;
    if (now_ > offer_.signed_until) return UpdateWait::expired;
    if (!slots_) return UpdateWait::slots;
    if (!may_install(slots_->state, other_slot(slots_->running))) return UpdateWait::unproved;
    if (failed_ && monotonic_ < *failed_ + between_tries) return UpdateWait::pause;
    if (!moment.idle && now_ < offer_.since.value_or(now_) + offer_.choice.wave->patience)
        return UpdateWait::open;
    return UpdateWait::none;
}

UpdateWait Updater::wait_to_restart(const UpdateMoment& moment) const {
    if (!moment.clock_known) return UpdateWait::clock;
    const auto version = content::SystemVersion::parse(target());
    if (version && offer_.held.contains(*version)) return UpdateWait::hold;
    if (asked_ && monotonic_ < *asked_ + between_tries) return UpdateWait::pause;
    const bool patient = !note_.tried || now_ < note_.tried->since + note_.tried->patience;
    return !moment.idle && patient ? UpdateWait::open : UpdateWait::none;
}

UpdateWait Updater::find_wait(const UpdateMoment& moment) const {
    switch (state_) {
        case UpdateState::none:
            return offer_.choice.wait == UpdateWait::not_newer ? UpdateWait::not_newer : UpdateWait::none;
        case UpdateState::wanted:
        case UpdateState::fetching:
            if (offer_.choice.wait != UpdateWait::none) return offer_.choice.wait;
            if (offer_.trouble) return wait_of(offer_.trouble->kind);
            return moment.clock_known && now_ > offer_.signed_until ? UpdateWait::expired : UpdateWait::none;
        case UpdateState::ready:
            return wait_to_install(moment);
        case UpdateState::restart_due:
            return wait_to_restart(moment);
        case UpdateState::installing:
        case UpdateState::unsure:
            return UpdateWait::none;
    }
    assert(false && "a state of the enumeration");
    return UpdateWait::none;
}

void Updater::on(const UpdateMoment& moment) {
    if (state_ == UpdateState::installing) {
        const auto patience = begun_ ? ends_within : begins_within;
        if (monotonic_ >= *asked_ + patience) {
            actions_.emplace_back(WithdrawRequest{});
            refuse(UpdateFault::no_answer, begun_ ? "it began and did not end" : "it did not begin");
        }
    }
    wait_ = find_wait(moment);
    if (wait_ != UpdateWait::none) return;
    if (state_ == UpdateState::ready) return begin();
    if (state_ == UpdateState::restart_due) ask({.task = InstallerTask::restart});
}

void Updater::begin() {
    const auto& wave = *offer_.choice.wave;
    const auto slot = other_slot(slots_->running);
    note_.tried = {wave.version.text(),         wave.sha256,  slot, boot_, false,
                   offer_.since.value_or(now_), wave.patience};
    note_.slot_versions.at(static_cast<std::size_t>(slot)).clear();
    ask({.task = InstallerTask::install, .sha256 = wave.sha256, .version = wave.version.text()});
    take(UpdateStep::begin);
}

void Updater::ask(InstallerRequest request) {
    request.number = ++note_.number;
    begun_ = false;
    asked_ = monotonic_;
    actions_.emplace_back(AskInstaller{std::move(request)});
}

std::string Updater::target() const {
    switch (state_) {
        case UpdateState::none:
            return offer_.choice.older ? offer_.choice.older->text() : std::string{};
        case UpdateState::wanted:
        case UpdateState::fetching:
        case UpdateState::ready:
            return offer_.choice.wave ? offer_.choice.wave->version.text() : std::string{};
        case UpdateState::installing:
            return note_.tried ? note_.tried->version : std::string{};
        case UpdateState::restart_due:
            if (note_.tried) return note_.tried->version;
            return slots_ ? note_.slot_versions.at(static_cast<std::size_t>(other_slot(slots_->running)))
                          : std::string{};
        case UpdateState::unsure:
            return system_.version.text();
    }
    assert(false && "a state of the enumeration");
    return {};
}

std::string Updater::why_it_waits() const {
    if (wait_ == UpdateWait::hold) {
        const auto version = content::SystemVersion::parse(target());
        const auto held = version ? offer_.held.find(*version) : offer_.held.end();
        return held == offer_.held.end() ? std::string{} : held->second;
    }
    const bool comes = state_ == UpdateState::wanted || state_ == UpdateState::fetching;
    return comes && offer_.trouble ? offer_.trouble->why : std::string{};
}

content::SystemReport Updater::report() const {
    return {system_.version.text(),
            slots_ ? std::string(to_text(slots_->running)) : std::string{},
            state_,
            wait_,
            target(),
            note_.last};
}

}  // namespace riverlight::firmware

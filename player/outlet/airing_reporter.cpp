#include "player/outlet/airing_reporter.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "content/airing/media_damage.hpp"
#include "content/airing/shown.hpp"
#include "content/base/plain_text.hpp"
#include "player/source/frames.hpp"

namespace riverlight::player {
namespace {

using content::AiringStatus;

constexpr std::size_t longest_name = 200;  ///< bytes

/// `srt://host:9000: sending; datagrams_sent 12, dropped 0`: what one output did since `before`.
std::string summary(const OutputState& before, const OutputState& after) {
    auto text = plain_text(after.name, longest_name) + (after.sending ? ": sending" : ": not sending");
    auto separator = "; ";
    for (const auto& [name, count] : after.figures) {
        // A round-trip time or a number of receivers is of the moment.
        const bool counts = name != "srt_rtt_ms" && name != "receivers";
        const auto earlier = before.figures.find(name);
        const auto from = counts && earlier != before.figures.end() ? earlier->second : 0;
        text += std::exchange(separator, ", ") + name + ' ' + std::to_string(count - from);
    }
    if (!after.words.empty()) text += "; " + after.words;
    return plain_text(text, content::longest_evidence);
}

std::string joined(const std::string& first, const std::string& second) {
    return first + (first.empty() || second.empty() ? "" : "; ") + second;
}

}  // namespace

/// What is known of an airing whose frames leave.
struct AiringReporter::Airing {
    std::string name;
    std::int64_t left = 0, own = 0;         ///< frames that left; those of the item itself
    std::int64_t spliced = 0, encoded = 0;  ///< of those that left
    std::int64_t put_in = 0;                ///< frames settled, whether they left or not
    std::deque<bool> end;                   ///< of the last second of these: shown
    bool begun = false;                     ///< its first frame is the next to be settled, or was
    Evidence evidence{};                    ///< the outlet's when it began
    std::vector<OutputState> outputs{};

    /// Whether the item's last second was shown, by where its frames were in it.
    [[nodiscard]] bool is_end_shown(const content::Shown& shown, Ratio rate) const {
        if (!shown.length) return false;
        const auto length = frames_in(*shown.length, rate);
        const auto second = std::min(length, rate.num / rate.den);
        const auto missing = std::max<std::int64_t>(0, length - frames_in(shown.missed, rate) - put_in);
        const auto counted = std::min<std::int64_t>(second - missing, static_cast<std::int64_t>(end.size()));
        if (counted <= 0) return false;
        return std::count(end.end() - counted, end.end(), true) * 100 >= second * content::end_percent;
    }

    void begin(const Outlet& outlet) {
        if (std::exchange(begun, true)) return;
        evidence = outlet.evidence();
        outputs = outlet.outputs();
    }
};

AiringReporter::AiringReporter(const Outlet& outlet, const Format& format, Send send)
    : outlet_(outlet), format_(format), send_(std::move(send)) {}
AiringReporter::~AiringReporter() = default;

void AiringReporter::handle(const Event& event) {
    const auto next = settled_ + static_cast<std::int64_t>(frames_.size());
    if (const auto* on = std::get_if<OnAir>(&event)) {
        airings_.push_back(std::make_shared<Airing>());
        airings_.back()->name = on->airing;
        held_.push_back({event, next + 1});
    } else if (std::holds_alternative<Progress>(event)) {
        held_.push_back({event, next + 1});
    } else if (const auto* off = std::get_if<OffAir>(&event); off && off->shown) {
        held_.push_back({event, next});
    } else {
        send_(event);  // of no frame, or of an item that was never on air
    }
}

void AiringReporter::add_frame(const std::string& airing, const Content& content) {
    if (airing.empty()) {
        frames_.push_back({nullptr, content});
        return;
    }
    assert(!airings_.empty() && airings_.back()->name == airing);
    frames_.push_back({airings_.back(), content});
}

void AiringReporter::settle(const Frame& frame, bool left) {
    ++settled_;
    if (!frame.airing) return;
    auto& airing = *frame.airing;
    const bool shown = left && frame.content.own;
    ++airing.put_in;
    airing.left += left;
    airing.own += shown;
    (frame.content.coded ? airing.spliced : airing.encoded) += left;
    airing.end.push_back(shown);
    if (static_cast<std::int64_t>(airing.end.size()) * format_.rate.den > format_.rate.num)
        airing.end.pop_front();
}

void AiringReporter::poll() {
    send_due();
    while (!frames_.empty()) {
        const auto& frame = frames_.front();
        if (frame.airing) frame.airing->begin(outlet_);
        const auto fate = outlet_.fate_of(settled_);
        if (fate == FrameFate::pending) return;
        settle(frame, fate == FrameFate::left);
        frames_.pop_front();
        send_due();
    }
}

void AiringReporter::finish() {
    poll();
    for (; !frames_.empty(); frames_.pop_front()) {
        settle(frames_.front(), false);
        send_due();
    }
    // Events of a frame that was never put in.
    for (settled_ += 1; !held_.empty();) send_due();
}

void AiringReporter::send_due() {
    while (!held_.empty() && held_.front().after <= settled_) {
        const auto held = std::move(held_.front());
        held_.pop_front();
        std::visit(
            [this](const auto& event) {
                if constexpr (requires { this->send(event); })
                    send(event);
                else
                    assert(false && "only events of frames are held");
            },
            held.event);
    }
}

void AiringReporter::send(const OnAir& event) {
    send_(event);
}

void AiringReporter::send(const Progress& event) {
    auto proven = event;
    const auto& airing = *airings_.front();
    assert(airing.name == event.airing && event.shown);
    proven.frames = airing.left;
    proven.shown->shown = time_of(airing.own, format_.rate);
    proven.shown->end_shown = false;
    send_(proven);
}

void AiringReporter::send(const OffAir& event) {
    const auto airing = airings_.front();
    assert(airing->name == event.airing);
    airings_.pop_front();
    send_(proved(event, *airing));
}

OffAir AiringReporter::proved(OffAir event, const Airing& airing) const {
    auto& shown = *event.shown;
    const auto& rate = format_.rate;
    shown.shown = time_of(airing.own, rate);
    shown.end_shown = airing.is_end_shown(shown, rate);
    event.samples = airing.left * format_.samples_a_frame();
    event.frames = airing.left;

    event.evidence.merge(to_text(evidence_between(airing.evidence, outlet_.evidence())));
    const auto outputs = outlet_.outputs();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto before = i < airing.outputs.size() ? airing.outputs[i] : OutputState{};
        event.evidence["output_" + std::to_string(i + 1)] = summary(before, outputs[i]);
    }
    if (!outputs.empty()) {
        event.evidence["frames_spliced"] = std::to_string(airing.spliced);
        event.evidence["frames_encoded"] = std::to_string(airing.encoded);
    }
    if (event.evidence.contains("frames_shown")) event.evidence["frames_shown"] = std::to_string(airing.left);

    // Not all that was shown was the item: its file turned out to be another.
    const bool was_another = event.status == AiringStatus::failed && content::read_damage(event.evidence);
    const auto whole = status_of(shown);
    const auto status = whole == AiringStatus::aired && was_another ? AiringStatus::truncated : whole;
    if (status == AiringStatus::aired) {
        event.status = event.took.is_own() ? AiringStatus::aired : AiringStatus::substituted;
        if (event.took.is_own()) event.reason.clear();
        return event;
    }
    event.status = status;
    event.reason = joined(event.reason,
                          status == AiringStatus::failed ? "nothing of it left the outlet" : describe(shown));
    return event;
}

}  // namespace riverlight::player

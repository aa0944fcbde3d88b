#include "firmware/update/wave_choice.hpp"

#include <utility>

namespace riverlight::firmware {

using content::UpdateWait;
using content::Wave;

namespace {

bool is_new(const Wave& wave, const WaveSubject& subject) {
    return wave.version > subject.system.version && !subject.barred.contains(wave.sha256);
}

UpdateWait wait_of(const Wave& wave, Instant now) {
    if (!wave.hold.empty()) return UpdateWait::hold;
    if (wave.start && now < *wave.start) return UpdateWait::start;
    return UpdateWait::none;
}

}  // namespace

WaveChoice choose_wave(const content::Waves& waves, const WaveSubject& subject, Instant now) {
    WaveChoice waiting;
    const Wave* newest = nullptr;  // that is for this board, newer or not
    for (const auto& wave : waves.waves)
        if (content::is_in_wave(wave, subject.board)) newest = &wave;
    for (auto wave = waves.waves.rbegin(); wave != waves.waves.rend(); ++wave) {
        if (!is_new(*wave, subject) || !content::is_in_wave(*wave, subject.board)) continue;
        const auto wait = wait_of(*wave, now);
        if (wait == UpdateWait::none) return {*wave, wait, {}};
        if (!waiting.wave) waiting = {*wave, wait, {}};
    }
    if (!waiting.wave && newest && newest->version < subject.system.version)
        return {{}, UpdateWait::not_newer, newest->version};
    return waiting;
}

content::SystemImageRequest make_image_request(WaveSubject subject, std::function<Instant()> now) {
    return {subject.system.compatible,
            [subject, now = std::move(now)](const content::Waves& waves) -> std::optional<Wave> {
                auto choice = choose_wave(waves, subject, now());
                return choice.wait == UpdateWait::none ? std::move(choice.wave) : std::nullopt;
            },
            [subject](const Wave& wave) {
                return is_new(wave, subject) &&
                       (!subject.tags_known || content::is_in_wave(wave, subject.board));
            }};
}

}  // namespace riverlight::firmware

#include "player/feed/rendition_encoder.hpp"

#include <algorithm>
#include <cassert>
#include <deque>
#include <utility>

#include "content/base/error.hpp"
#include "player/av/coded_file.hpp"
#include "player/av/stream_encoder.hpp"

namespace riverlight::player {
namespace {

/// Steps of quality (StreamEncoderOptions), after which encoding is given up.
constexpr int worst_quality = 24, quality_step = 4;
/// Length of the fade at the end of a run, 5 ms.
constexpr std::int64_t fade_samples = 240;

/// Puts pictures and sound, which an encoder delivers at different times, together into coded frames.
class FrameAssembler {
  public:
    using Out = std::function<void(CodedFrame)>;
    FrameAssembler(const Profile& profile, Out out) : profile_(profile), out_(std::move(out)) {}
    void add_video(Bytes unit, bool key) {
        pictures_.push_back({std::move(unit), key, {}});
        deliver_complete();
    }
    void add_sound(Bytes frame) {
        sounds_.push_back(std::move(frame));
        deliver_complete();
    }

  private:
    /// A frame is complete with the sound frames that begin while it is shown.
    void deliver_complete() {
        const auto size = sound_frame_samples(profile_.coding.sound);
        while (!pictures_.empty()) {
            const auto sound_end = ((frames_ + 1) * profile_.format.samples_a_frame() + size - 1) / size;
            const auto needed = sound_end - sound_frames_;
            if (static_cast<std::int64_t>(sounds_.size()) < needed) return;
            auto frame = std::move(pictures_.front());
            pictures_.pop_front();
            for (std::int64_t i = 0; i < needed; ++i, sounds_.pop_front())
                frame.sound.push_back(std::move(sounds_.front()));
            sound_frames_ = sound_end;
            ++frames_;
            out_(std::move(frame));
        }
    }
    const Profile& profile_;
    Out out_;
    std::deque<CodedFrame> pictures_;
    std::deque<Bytes> sounds_;
    std::int64_t frames_ = 0, sound_frames_ = 0;
};

/// Ends in `silent` samples of silence after a fade: AAC and AC-3 lose a run's last samples to the next run's
/// first frame, which overlaps them.
void fade_out(Samples& samples, std::int64_t silent, std::int64_t fade) {
    const auto frames = static_cast<std::int64_t>(samples.size() / 2);
    const auto end = std::max<std::int64_t>(0, frames - silent);
    for (auto i = std::max<std::int64_t>(0, end - fade); i < frames; ++i) {
        const auto gain = i >= end ? 0.0F : static_cast<float>(end - i) / static_cast<float>(fade);
        samples[static_cast<std::size_t>(2 * i)] *= gain;
        samples[static_cast<std::size_t>(2 * i + 1)] *= gain;
    }
}

/// One pass: encodes frames, validates and writes what comes out. The last frame waits, since it is faded
/// once it is known to be the last.
class Pass {
  public:
    Pass(const std::string& path, const Profile& profile, int quality)
        : path_(path),
          profile_(profile),
          writer_(path, profile.coding),
          validator_(profile, path),
          assembler_(profile,
                     [this](const CodedFrame& frame) {
                         validator_.add(frame);
                         writer_.add(frame);
                     }),
          encoder_(
              {profile.coding, profile.splice_fullness, quality, true},
              [this](Bytes unit, bool key) { assembler_.add_video(std::move(unit), key); },
              [this](Bytes frame) { assembler_.add_sound(std::move(frame)); }) {}

    void add(Picture picture, Samples samples) {
        if (frames_++ > 0) encoder_.add(last_picture_, last_samples_);
        samples.resize(samples_per_frame(), 0.0F);
        last_picture_ = std::move(picture);
        last_samples_ = std::move(samples);
    }
    RenditionFacts finish() {
        if (frames_ == 0) throw Error(path_ + ": there is nothing to show in it");
        const std::int64_t grid = profile_.format.grid;
        const auto padding = (grid - frames_ % grid) % grid;
        const auto codec = profile_.coding.sound;
        const auto overlap = codec == SoundCodec::mp2 ? 0 : sound_advance(codec);
        const auto padding_samples = padding * profile_.format.samples_a_frame();
        fade_out(last_samples_, std::max<std::int64_t>(0, overlap - padding_samples), fade_samples);
        encoder_.add(last_picture_, last_samples_);
        const Samples silence(samples_per_frame(), 0.0F);
        for (std::int64_t i = 0; i < padding; ++i) encoder_.add(last_picture_, silence);
        encoder_.finish();
        validator_.finish();
        writer_.finish();
        assert(validator_.frames() == frames_ + padding);
        return {validator_.frames(), validator_.parameters()};
    }

  private:
    /// Of both channels.
    [[nodiscard]] std::size_t samples_per_frame() const {
        return static_cast<std::size_t>(profile_.format.samples_a_frame()) * 2;
    }

    const std::string& path_;
    const Profile& profile_;
    CodedWriter writer_;
    RenditionValidator validator_;
    FrameAssembler assembler_;
    StreamEncoder encoder_;
    Picture last_picture_;
    Samples last_samples_;
    std::int64_t frames_ = 0;
};

RenditionFacts encode_once(const std::string& path, const Profile& profile, const NextFrame& next,
                           int quality) {
    Pass pass(path, profile, quality);
    Picture picture;
    Samples samples;
    while (next(picture, samples)) {
        pass.add(std::move(picture), std::move(samples));
        picture = {};
        samples = {};
    }
    return pass.finish();
}

}  // namespace

RenditionFacts make_rendition(const std::string& path, const Profile& profile,
                              const std::function<NextFrame()>& restart) {
    for (int quality = 0;; quality += quality_step) {
        try {
            return encode_once(path, profile, restart(), quality);
        } catch (const VbvUnderflow&) {
            if (quality >= worst_quality) throw;
        }
    }
}

}  // namespace riverlight::player

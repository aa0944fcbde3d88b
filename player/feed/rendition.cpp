#include "player/feed/rendition.hpp"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <utility>

#include "player/feed/proven.hpp"
#include "player/source/rounds.hpp"

namespace riverlight::player {
namespace {

/// Steps of quality (StreamEncoderOptions) after which a rendition that leaves too little is given up.
constexpr int worst_quality = 24, quality_step = 4;

std::int64_t up_to_grid(std::int64_t frames, int grid) {
    return (frames + grid - 1) / grid * grid;
}

/// Puts pictures and sound, which an encoder gives at different times, together as coded frames.
class Assembler {
  public:
    Assembler(const Profile& profile, std::function<void(CodedFrame)> out)
        : profile_(profile), out_(std::move(out)) {}
    void video(Bytes unit, bool key) {
        pictures_.push_back({std::move(unit), key, {}});
        give();
    }
    void sound(Bytes frame) {
        sounds_.push_back(std::move(frame));
        give();
    }

  private:
    void give() {
        const auto size = sound_frame_samples(profile_.coding.sound);
        while (!pictures_.empty()) {
            const auto until = ((frames_ + 1) * profile_.format.samples_a_frame() + size - 1) / size;
            const auto wanted = until - sound_frames_;
            if (static_cast<std::int64_t>(sounds_.size()) < wanted) return;
            auto frame = std::move(pictures_.front());
            pictures_.pop_front();
            for (std::int64_t i = 0; i < wanted; ++i, sounds_.pop_front())
                frame.sound.push_back(std::move(sounds_.front()));
            sound_frames_ = until;
            ++frames_;
            out_(std::move(frame));
        }
    }
    const Profile& profile_;
    std::function<void(CodedFrame)> out_;
    std::deque<CodedFrame> pictures_;
    std::deque<Bytes> sounds_;
    std::int64_t frames_ = 0, sound_frames_ = 0;
};

/// Sound that ends in silence where what follows overlaps it: AAC and AC-3 lose a run's last samples to the
/// next run's first frame.
void fade_out(Samples& samples, std::int64_t silent, std::int64_t fade) {
    const auto frames = static_cast<std::int64_t>(samples.size() / 2);
    const auto end = std::max<std::int64_t>(0, frames - silent);
    for (auto i = std::max<std::int64_t>(0, end - fade); i < frames; ++i) {
        const auto gain = i >= end ? 0.0F : static_cast<float>(end - i) / static_cast<float>(fade);
        samples[static_cast<std::size_t>(2 * i)] *= gain;
        samples[static_cast<std::size_t>(2 * i + 1)] *= gain;
    }
}

RenditionFacts make_once(const std::string& path, const Profile& profile, const NextFrame& next,
                         int quality) {
    CodedWriter writer(path, profile.coding);
    RenditionCheck check(profile, path);
    Assembler assembler(profile, [&](const CodedFrame& frame) {
        check.add(frame);
        writer.add(frame);
    });
    StreamEncoderOptions options{profile.coding, profile.join_fullness, quality, true};
    StreamEncoder encoder(
        options, [&](Bytes unit, bool key) { assembler.video(std::move(unit), key); },
        [&](Bytes frame) { assembler.sound(std::move(frame)); });
    const auto a_frame = static_cast<std::size_t>(profile.format.samples_a_frame()) * 2;
    Picture picture, held;
    Samples samples;
    std::int64_t frames = 0;
    std::deque<std::pair<Picture, Samples>> tail;  // known only at the end: what is faded
    const auto pass = [&](std::size_t keep) {
        for (; tail.size() > keep; tail.pop_front()) encoder.add(tail.front().first, tail.front().second);
    };
    for (; next(picture, samples); ++frames) {
        samples.resize(a_frame, 0.0F);
        held = picture;
        tail.emplace_back(std::move(picture), std::move(samples));
        pass(1);
        picture = {};
        samples = {};
    }
    if (frames == 0) throw Error(path + ": there is nothing to show in it");
    const auto padded = up_to_grid(frames, profile.format.grid);
    const auto overlap = profile.coding.sound == SoundCodec::mp2 ? 0 : sound_advance(profile.coding.sound);
    const auto added = (padded - frames) * profile.format.samples_a_frame();
    fade_out(tail.back().second, std::max<std::int64_t>(0, overlap - added), 240);
    for (auto i = frames; i < padded; ++i) tail.emplace_back(held, Samples(a_frame, 0.0F));
    pass(0);
    encoder.finish();
    check.finish();
    writer.finish();
    return {check.frames(), check.parameters()};
}

/// `begun`: something was given out.
void play_rendition(const SourceSpec& spec, const Profile& profile, Receiver& receiver, bool& begun) {
    const auto& r = *spec.media.rendition;
    static Proven proven;
    const auto facts = proven.facts_of(r.path, profile, [&] { return check_rendition(r.path, profile); });
    if (!r.parameters.empty() && facts.parameters != r.parameters)
        throw Error(r.path + ": has other parameter sets than its segment says; build the segment again");
    const auto gop = profile.coding.gop;
    const auto first = (spec.first_frame + gop - 1) / gop * gop;
    // An item that is cut ends, like every other, where the next one's coded frames can begin.
    const auto last = spec.frames ? up_to_grid(*spec.frames, profile.format.grid) : facts.frames;
    CodedReader reader(r.path, profile.coding);
    for (std::int64_t n = 0; n < last; ++n) {
        auto frame = reader.next();
        if (!frame) return;
        if (n < first) continue;
        Piece piece;
        piece.interpreted = spec.media.sign.has_value();
        piece.coded = std::make_shared<const CodedFrame>(std::move(*frame));
        begun = true;
        if (!receiver.push(std::move(piece))) return;
    }
}

}  // namespace

bool Bucket::take(std::int64_t bits) {
    const bool there = bits <= fullness_;
    fullness_ = std::min(size_, fullness_ - bits + each_);
    return there;
}

RenditionCheck::RenditionCheck(const Profile& profile, std::string what)
    : profile_(profile),
      what_(std::move(what)),
      bucket_(profile.coding.video_rate, profile.coding.buffer_bits, profile.coding.rate,
              profile.join_fullness) {}

void RenditionCheck::add(const CodedFrame& frame) {
    const auto n = frames_++;
    const bool key_expected = n % profile_.coding.gop == 0;
    if (frame.key != key_expected)
        refuse("picture " + std::to_string(n) +
               (frame.key ? " is a key picture off the grid" : " should be a key picture") +
               "; key pictures come every " + std::to_string(profile_.coding.gop) + " in " + profile_.name);
    if (frame.key) {
        const auto digest = parameters_of(frame.video, profile_.coding.video);
        if (digest.empty())
            refuse("picture " + std::to_string(n) + " is a key picture without parameter sets");
        if (n > 0 && digest != parameters_)
            refuse("its parameter sets change at picture " + std::to_string(n));
        parameters_ = digest;
    }
    if (!bucket_.take(static_cast<std::int64_t>(frame.video.size()) * 8))
        refuse("picture " + std::to_string(n) +
               " is larger than the decoder's buffer can have at its time (VBV)");
}

void RenditionCheck::finish() {
    if (frames_ == 0) refuse("holds no picture");
    if (frames_ % profile_.format.grid != 0)
        refuse("has " + std::to_string(frames_) + " pictures, no multiple of " +
               std::to_string(profile_.format.grid) + ", on which picture and sound meet");
    if (bucket_.fullness() < profile_.join_fullness)
        refuse("leaves the decoder's buffer with " + std::to_string(bucket_.fullness()) +
               " bits, less than the " + std::to_string(profile_.join_fullness) +
               " that whatever follows begins with (VBV)");
}

RenditionFacts check_rendition(const std::string& path, const Profile& profile) {
    CodedReader reader(path, profile.coding);
    RenditionCheck check(profile, path);
    while (const auto frame = reader.next()) check.add(*frame);
    check.finish();
    return {check.frames(), check.parameters()};
}

RenditionFacts make_rendition(const std::string& path, const Profile& profile,
                              const std::function<NextFrame()>& restart) {
    for (int quality = 0;; quality += quality_step) {
        try {
            return make_once(path, profile, restart(), quality);
        } catch (const Error& e) {
            const bool buffer = std::string_view(e.what()).ends_with("(VBV)");
            if (!buffer || quality >= worst_quality) throw;
        }
    }
}

std::unique_ptr<Source> open_rendition(const SourceSpec& spec, const Profile& profile) {
    const auto once = [profile](const SourceSpec& run, Receiver& receiver) {
        bool begun = false;
        try {
            play_rendition(run, profile, receiver, begun);
        } catch (const Error& e) {
            if (begun) throw;
            receiver.note(std::string(e.what()) + "; it is encoded instead");
            decode_media(run, receiver);
        }
    };
    return run_source(Format{0, 0}, [spec, once](Receiver& receiver) { play_rounds(spec, receiver, once); });
}

}  // namespace riverlight::player

#include "player/source/media.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "content/base/error.hpp"
#include "player/source/frame_pictures.hpp"
#include "player/source/frame_sound.hpp"
#include "player/source/interpreter.hpp"
#include "player/source/loop.hpp"
#include "player/source/text_overlays.hpp"

namespace riverlight::player {
namespace {

/// The readers of an item: one file with picture and sound, or one file for each.
struct Readers {
    std::optional<Reader> picture_file, sound_file;

    Readers(const SourceSpec& spec, const FrameSelection& selection) {
        const auto& media = spec.media;
        const auto& format = spec.format;
        MediaLimits limits;
        limits.hardware_decoding = spec.hardware_decoding;
        limits.author_formats = spec.author_formats;
        limits.segmented = spec.segmented;
        if (!media.picture.empty())
            picture_file.emplace(media.picture,
                                 media.sound.empty() ? Reader::Want::both : Reader::Want::picture,
                                 format.width, format.height, selection, limits);
        if (!media.sound.empty()) sound_file.emplace(media.sound, Reader::Want::sound, 0, 0, selection);
        if (!picture_file && !sound_file)
            throw Error("the cue names neither picture nor sound; there is nothing to play");
    }
    /// Each packet read is a step.
    void say_steps(PieceSink& sink) {
        for (auto* file : {&picture_file, &sound_file})
            if (*file) (*file)->on_packet([&sink] { sink.step(); });
    }
    [[nodiscard]] Reader* picture() {
        return picture_file && !picture_file->facts().video_codec.empty() ? &*picture_file : nullptr;
    }
    [[nodiscard]] Reader& sound() { return sound_file ? *sound_file : *picture_file; }
    /// Every byte that was shown is one of the verified ones, else this throws. Reports files that were
    /// replaced meanwhile.
    void finish(PieceSink& sink) {
        for (auto* file : {&picture_file, &sound_file})
            if (*file)
                if (const auto damage = (*file)->finish()) sink.report(*damage);
    }
    /// The hardware decoder that failed; empty: none.
    [[nodiscard]] std::string_view failed_hardware() const {
        return picture_file ? std::string_view(picture_file->failed_hardware()) : std::string_view();
    }
};

}  // namespace

void decode_media(const SourceSpec& spec, PieceSink& sink) {
    TextOverlays texts(spec);
    const FrameSelection selection{spec.format.rate, spec.first_frame, spec.format.interlaced};
    Readers readers(spec, selection);
    readers.say_steps(sink);
    const bool has_picture = readers.picture() != nullptr;
    FramePictures pictures(readers.picture(), selection);
    Interpreter interpreter(spec, selection, texts.lift(), sink);
    texts.reserve_right_columns(interpreter.columns());
    FrameSound sound(readers.sound(), spec.media.gain_db, spec.format.samples_a_frame());
    std::string failed;
    for (auto n = std::max<std::int64_t>(0, spec.first_frame); !spec.frames || n < *spec.frames; ++n) {
        if (!sink.wait_for_room()) return;  // before decoding, which takes memory for a picture
        Piece piece;
        bool has_sound = false;
        const bool showing = pictures.next(n, piece);
        interpreter.add_to(n, piece);
        if (const auto now = readers.failed_hardware(); now != failed) {
            failed = now;
            sink.note("hardware decoder " + failed + " failed; software decodes the pictures from here on");
        }
        piece.samples = sound.next(has_sound);
        // Without a given length the media ends with its picture, or with its sound where it has no picture.
        if (!spec.frames && (has_picture ? !showing : !has_sound)) break;
        texts.add_to(n, piece);
        if (!sink.push(std::move(piece))) return;
    }
    interpreter.finish();
    readers.finish(sink);
}

std::unique_ptr<Source> open_media(const SourceSpec& spec) {
    return run_source(spec.format, [spec](PieceSink& sink) { play_looped(spec, sink, decode_media); });
}

}  // namespace riverlight::player

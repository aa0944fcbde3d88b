#include "player/feed/rendition_source.hpp"

#include <cassert>
#include <utility>

#include "content/base/error.hpp"
#include "player/av/coded_file.hpp"
#include "player/feed/validation_cache.hpp"
#include "player/source/loop.hpp"
#include "player/source/media.hpp"
#include "player/source/threaded_source.hpp"

namespace riverlight::player {
namespace {

std::int64_t round_up(std::int64_t frames, std::int64_t multiple) {
    return (frames + multiple - 1) / multiple * multiple;
}

/// Throws Error if the file is not the rendition that `spec` names.
RenditionFacts validate(const Rendition& rendition, const Profile& profile) {
    static ValidationCache validated;
    auto facts = validated.facts_of(rendition.path, profile,
                                    [&] { return validate_rendition(rendition.path, profile); });
    if (!rendition.parameters.empty() && facts.parameters != rendition.parameters)
        throw Error(rendition.path +
                    ": its parameter sets differ from those its segment names; build the segment again");
    return facts;
}

/// `begun` becomes true once a frame was delivered.
void play_rendition(const SourceSpec& spec, const Profile& profile, PieceSink& receiver, bool& begun) {
    assert(spec.media.rendition);
    const auto facts = validate(*spec.media.rendition, profile);
    const auto first = round_up(spec.first_frame, profile.coding.gop);
    // An item that is cut ends on the grid, where the next one's coded frames can begin.
    const auto last = spec.frames ? round_up(*spec.frames, profile.format.grid) : facts.frames;
    CodedReader reader(spec.media.rendition->path, profile.coding);
    for (std::int64_t n = 0; n < last; ++n) {
        auto frame = reader.next();
        if (!frame) break;
        receiver.step();
        if (n < first) continue;
        Piece piece;
        piece.interpreted = spec.media.sign.has_value();
        piece.coded = std::make_shared<const CodedFrame>(std::move(*frame));
        begun = true;
        if (!receiver.push(std::move(piece))) return;
    }
    if (const auto damage = reader.finish()) receiver.report(*damage);
}

}  // namespace

std::unique_ptr<Source> open_rendition(const SourceSpec& spec, const Profile& profile) {
    const auto once = [profile](const SourceSpec& run, PieceSink& receiver) {
        bool begun = false;
        try {
            play_rendition(run, profile, receiver, begun);
        } catch (const Error& e) {
            if (begun) throw;
            if (const auto* damaged = dynamic_cast<const MediaFileError*>(&e))
                receiver.report(damage_of(*damaged));
            receiver.note(std::string(e.what()) + "; it is encoded instead");
            decode_media(run, receiver);
        }
    };
    return run_source(Format{0, 0}, [spec, once](PieceSink& receiver) { play_looped(spec, receiver, once); });
}

}  // namespace riverlight::player

#include "player/av/coding.hpp"

#include <cassert>

namespace riverlight::player {
namespace {

struct SoundTiming {
    int samples, advance;
};
/// By SoundCodec. Layer II: the two filter banks delay by 481 samples, half of it in each; a cut between
/// frames is heard half way, so a frame stands for the samples 240 after those it decodes to (ISO/IEC
/// 11172-3, C.1.3). AAC and AC-3: a frame's window begins one overlap earlier, so the first frame of a run
/// holds the run's whole beginning, and the run before it fades out over one overlap.
constexpr SoundTiming timings[] = {{1152, 240}, {1024, 1024}, {1536, 256}};

const SoundTiming& timing_of(SoundCodec codec) {
    assert(static_cast<std::size_t>(codec) < std::size(timings));
    return timings[static_cast<std::size_t>(codec)];
}

}  // namespace

int sound_frame_samples(SoundCodec codec) {
    return timing_of(codec).samples;
}

int sound_advance(SoundCodec codec) {
    return timing_of(codec).advance;
}

}  // namespace riverlight::player

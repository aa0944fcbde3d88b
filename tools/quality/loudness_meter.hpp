#pragma once
#include <ebur128.h>

#include <memory>

/// libebur128's meter (EBU R 128) with its owner.
namespace riverlight::quality {

struct MeterDeleter {
    void operator()(ebur128_state* meter) const { ebur128_destroy(&meter); }
};
using LoudnessMeter = std::unique_ptr<ebur128_state, MeterDeleter>;

}  // namespace riverlight::quality

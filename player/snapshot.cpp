#include "player/snapshot.hpp"

#include <cassert>
#include <utility>

#include "content/base/error.hpp"
#include "player/av/still.hpp"

namespace riverlight::player {
namespace {

constexpr int snapshot_width = 640;
constexpr std::int64_t coded_every_seconds = 10;

}  // namespace

Snapshots::Snapshots(std::string path, std::int64_t frames_per_second, Report report)
    : path_(std::move(path)), frames_per_second_(frames_per_second), report_(std::move(report)) {
    assert(frames_per_second_ > 0);
}

bool Snapshots::is_due(std::int64_t frame) {
    in_coded_run_ = false;
    return !path_.empty() && frame % frames_per_second_ == 0;
}

bool Snapshots::is_coded_due(std::int64_t frame, bool key) {
    if (path_.empty() || !key || (in_coded_run_ && frame < next_coded_)) return false;
    next_coded_ = frame + coded_every_seconds * frames_per_second_;
    in_coded_run_ = true;
    return true;
}

void Snapshots::save(const Picture& picture) {
    assert(!path_.empty());
    try {
        save_jpeg(picture, path_, snapshot_width);
        fault_.clear();
    } catch (const Error& e) {
        if (std::exchange(fault_, e.what()) != e.what()) report_(fault_);
    }
}

}  // namespace riverlight::player

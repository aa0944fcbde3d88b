#include "player/feed/feed_state.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace riverlight::player {
namespace {

using namespace std::chrono;

constexpr char magic[8] = {'R', 'L', 'F', 'E', 'E', 'D', '0', '2'};
/// A new time line begins here, so that no time stamp is negative.
constexpr std::int64_t first_frame = 250;

}  // namespace

FeedState::FeedState(const std::string& path) {
    own_.last_frame = own_.last_picture = -1;
    if (path.empty()) return;
    const Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd || ::ftruncate(fd.get(), sizeof(Data)) != 0)
        throw Error("cannot keep the feed's state in " + path + ": " + system_reason(errno));
    auto* map = ::mmap(nullptr, sizeof(Data), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (map == MAP_FAILED)
        throw Error("cannot keep the feed's state in " + path + ": " + system_reason(errno));
    data_ = static_cast<Data*>(map);
    resumed_ = std::memcmp(data_->magic, magic, sizeof magic) == 0 && data_->last_frame >= 0;
    // The file is input: the mux relies on counters of four bits.
    if (resumed_) {
        for (auto& counter : data_->counters) counter &= 15;
        return;
    }
    *data_ = own_;
    std::memcpy(data_->magic, magic, sizeof magic);
}

FeedState::~FeedState() {
    if (data_ != &own_) ::munmap(data_, sizeof(Data));
}

std::int64_t FeedState::frame_at(Instant now, std::int64_t frames_per_second) {
    assert(frames_per_second > 0);
    const auto begin_at = [&](std::int64_t frame) {
        set_anchor(now - microseconds{frame * 1'000'000 / frames_per_second});
    };
    if (data_->last_frame < 0) begin_at(first_frame);
    const Instant anchor{microseconds{data_->anchor_us}};
    auto frame = (now - anchor).count() * frames_per_second / 1'000'000;
    // A clock that was set back must not bring time stamps back: go on one second after the last frame.
    if (frame <= data_->last_frame) {
        frame = data_->last_frame + frames_per_second;
        begin_at(frame);
    }
    data_->last_frame = frame;
    return frame;
}

}  // namespace riverlight::player

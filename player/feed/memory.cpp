#include "player/feed/memory.hpp"

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
/// A new time line begins here, so that nothing in it lies before zero.
constexpr std::int64_t first_frame = 250;

}  // namespace

FeedMemory::FeedMemory(const std::string& path) {
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
    if (resumed_) return;
    *data_ = own_;
    std::memcpy(data_->magic, magic, sizeof magic);
}

FeedMemory::~FeedMemory() {
    if (data_ != &own_) ::munmap(data_, sizeof(Data));
}

std::int64_t FeedMemory::frame_at(Instant now, std::int64_t frames_a_second) {
    const auto us = now.time_since_epoch().count();
    const auto begin_at = [&](std::int64_t frame) {
        data_->anchor_us = us - frame * 1'000'000 / frames_a_second;
    };
    if (data_->last_frame < 0) begin_at(first_frame);
    auto frame = (us - data_->anchor_us) * frames_a_second / 1'000'000;
    // A clock that was set back must not bring time stamps back: go on a second after what left last.
    if (frame <= data_->last_frame) {
        frame = data_->last_frame + frames_a_second;
        begin_at(frame);
    }
    data_->last_frame = frame;
    return frame;
}

}  // namespace riverlight::player

#include "player/feed/restamp.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;

constexpr char magic[8] = {'R', 'L', 'F', 'E', 'E', 'D', '0', '1'};
/// A new time line begins here, so that nothing in it lies before zero.
constexpr std::int64_t first_frame = 250;
constexpr std::uint64_t mask_33 = (std::uint64_t{1} << 33) - 1;

std::uint64_t read_stamp(const std::uint8_t* p) {
    return (std::uint64_t{p[0]} >> 1 & 7) << 30 | std::uint64_t{p[1]} << 22 |
           (std::uint64_t{p[2]} >> 1) << 15 | std::uint64_t{p[3]} << 7 | std::uint64_t{p[4]} >> 1;
}

void write_stamp(std::uint8_t* p, std::uint64_t stamp) {
    p[0] = static_cast<std::uint8_t>((p[0] & 0xf1) | (stamp >> 29 & 0x0e));
    p[1] = static_cast<std::uint8_t>(stamp >> 22);
    p[2] = static_cast<std::uint8_t>((stamp >> 14 & 0xfe) | 1);
    p[3] = static_cast<std::uint8_t>(stamp >> 7);
    p[4] = static_cast<std::uint8_t>((stamp << 1 & 0xfe) | 1);
}

void move_stamp(std::uint8_t* p, std::int64_t offset) {
    write_stamp(p, (read_stamp(p) + static_cast<std::uint64_t>(offset)) & mask_33);
}

void move_pcr(std::uint8_t* p, std::int64_t offset) {
    std::uint64_t base = std::uint64_t{p[0]} << 25 | std::uint64_t{p[1]} << 17 | std::uint64_t{p[2]} << 9 |
                         std::uint64_t{p[3]} << 1 | std::uint64_t{p[4]} >> 7;
    base = (base + static_cast<std::uint64_t>(offset)) & mask_33;
    p[0] = static_cast<std::uint8_t>(base >> 25);
    p[1] = static_cast<std::uint8_t>(base >> 17);
    p[2] = static_cast<std::uint8_t>(base >> 9);
    p[3] = static_cast<std::uint8_t>(base >> 1);
    p[4] = static_cast<std::uint8_t>((base << 7 & 0x80) | (p[4] & 0x7f));
}

/// PTS and DTS of a PES packet that begins in `payload`; nothing where it carries none.
void move_pes(std::uint8_t* payload, std::size_t size, std::int64_t offset) {
    const bool pes = size >= 14 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1 &&
                     (payload[3] & 0xe0) >= 0xc0 && (payload[6] & 0xc0) == 0x80;
    if (!pes) return;
    if (payload[7] & 0x80) move_stamp(payload + 9, offset);
    if ((payload[7] & 0xc0) == 0xc0 && size >= 19) move_stamp(payload + 14, offset);
}

}  // namespace

FeedMemory::FeedMemory(const std::string& path) {
    own_.last_frame = -1;
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

void Restamper::restamp(std::span<std::uint8_t> packets) {
    for (std::size_t at = 0; at + 188 <= packets.size(); at += 188) restamp_packet(packets.data() + at);
}

void Restamper::restamp_packet(std::uint8_t* packet) {
    const unsigned pid = (packet[1] & 0x1fU) << 8 | packet[2];
    if (pid == 0x1fff) return;
    const bool has_adaptation = packet[3] & 0x20, has_payload = packet[3] & 0x10;
    auto& counter = memory_.counter(pid);
    if (has_payload) counter = (counter + 1) & 15;
    packet[3] = static_cast<std::uint8_t>((packet[3] & 0xf0) | counter);
    std::size_t header = 4;
    if (has_adaptation) {
        header += 1U + packet[4];
        if (packet[4] >= 7 && (packet[5] & 0x10)) {
            move_pcr(packet + 6, offset_);
            // A resumed time line: the clock goes on, but not to the tick; say so once (2.4.3.5).
            if (memory_.resumed() && !std::exchange(seen_[pid], true)) packet[5] |= 0x80;
        }
    }
    const bool begins = packet[1] & 0x40;
    if (has_payload && begins && header < 188) move_pes(packet + header, 188 - header, offset_);
}

}  // namespace riverlight::player

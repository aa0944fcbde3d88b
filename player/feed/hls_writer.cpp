#include "player/feed/hls_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::string_view part = ".part", ending = ".ts", beginning = "live-";
/// Between datagrams further apart than this some were dropped.
constexpr ClockTicks max_gap = 500ms;
constexpr std::size_t max_playlist_bytes = 64U << 10;

[[noreturn]] void fail(const std::string& path, int error) {
    throw Error("cannot write " + path + ": " + system_reason(error) +
                (error == ENOSPC ? "; make room on that disk" : ""));
}

microseconds between(StampTicks from, StampTicks to) {
    return duration_cast<microseconds>(stamp_distance(from, to));
}

/// Segments end at key pictures, so they last up to a group of pictures longer than asked for.
seconds target_duration(const OutputSpec& spec, const FeedFacts& facts) {
    return ceil<seconds>(spec.segment + facts.longest_gop);
}

void append(Bytes& to, std::span<const std::uint8_t> bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

HlsWriter::HlsWriter(const OutputSpec& spec, const FeedFacts& facts)
    : folder_(spec.path),
      min_duration_(spec.segment),
      window_(static_cast<std::size_t>(spec.window)),
      list_(window_, target_duration(spec, facts)) {}

void HlsWriter::open(const std::atomic<bool>&) {
    std::error_code ec;
    fs::create_directories(folder_, ec);
    if (ec) throw Error("cannot make the folder " + folder_ + ": " + ec.message());
    first_since_open_ = true;
    finder_ = {};
    tentative_.clear();
    if (!list_.segments().empty()) return;
    try {
        list_.resume(read_file(path_of(playlist_name), max_playlist_bytes));
    } catch (const Error&) {  // there is no playlist yet
    }
    remove_unlisted();
}

/// Removes segments of an earlier run that the list no longer names.
void HlsWriter::remove_unlisted() const {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder_, ec)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with(beginning) && (name.ends_with(ending) || name.ends_with(part));
        const bool listed = std::any_of(list_.segments().begin(), list_.segments().end(),
                                        [&](const auto& s) { return s.name == name; });
        if (ours && !listed) fs::remove(entry.path(), ec);
    }
}

std::vector<bool> HlsWriter::write(std::span<const Datagram> datagrams) {
    for (const auto& d : datagrams) {
        if (last_time_ && d.time - *last_time_ > max_gap) close();  // this thread was too slow
        last_time_ = d.time;
        for (std::size_t at = 0; at < datagram_size; at += packet_size) write_packet(d.bytes.data() + at, d);
    }
    write_bytes(gathered_);
    gathered_.clear();
    return std::vector<bool>(datagrams.size(), true);
}

void HlsWriter::write_packet(const std::uint8_t* packet, const Datagram& from) {
    const auto role = finder_.inspect(packet);
    if (role == PacketRole::tentative) {
        if (pid_of(packet) == pid::pat) {  // the one before preceded no key picture
            append(gathered_, tentative_);
            tentative_.clear();
        }
        return append(tentative_, {packet, packet_size});
    }
    if (role == PacketRole::access_point) cut(finder_.pts(), from);
    append(gathered_, tentative_);
    tentative_.clear();
    append(gathered_, {packet, packet_size});
}

void HlsWriter::cut(StampTicks pts, const Datagram& from) {
    if (segment_ && between(segment_->pts, pts) < min_duration_) return;
    end_segment(pts);
    begin_segment(pts, from);
}

void HlsWriter::begin_segment(StampTicks pts, const Datagram& from) {
    assert(!segment_);
    gathered_.clear();  // what came before the first key picture
    if (list_.next_number() == 0) list_.begin_at(duration_cast<seconds>(from.utc.time_since_epoch()).count());
    Segment segment;
    segment.name = std::string(beginning) + std::to_string(list_.next_number()) + std::string(ending);
    const auto path = path_of(segment.name) + std::string(part);
    segment.fd = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!segment.fd) fail(path, errno);
    segment.pts = pts;
    segment.begins = from.utc + between(stamp_of(from.time) % stamp_period, pts);
    segment_ = std::move(segment);
}

/// The segment ends before the picture with PTS `pts`.
void HlsWriter::end_segment(StampTicks pts) {
    if (!segment_) return;
    write_bytes(gathered_);
    gathered_.clear();
    segment_->fd.reset();
    const auto path = path_of(segment_->name);
    const auto duration = between(segment_->pts, pts);
    if (::rename((path + std::string(part)).c_str(), path.c_str()) != 0) fail(path, errno);
    const bool discontinuity = std::exchange(first_since_open_, false) && !list_.segments().empty();
    if (list_.segments().size() == window_) expired_.push_back(list_.segments().front().name);
    list_.add({segment_->name, duration, segment_->begins, discontinuity});
    segment_.reset();
    write_file_atomically(path_of(playlist_name), list_.text());
    ++segments_written_;
    remove_expired();
}

void HlsWriter::remove_expired() {
    std::error_code ec;
    for (; expired_.size() > window_ + 1; expired_.pop_front()) fs::remove(path_of(expired_.front()), ec);
}

void HlsWriter::write_bytes(std::span<const std::uint8_t> bytes) {
    while (segment_ && !bytes.empty()) {
        const auto wrote = ::write(segment_->fd.get(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail(path_of(segment_->name), errno);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
        bytes_written_ += wrote;
    }
}

void HlsWriter::discard_segment() {
    if (!segment_) return;
    std::error_code ec;
    fs::remove(path_of(segment_->name) + std::string(part), ec);
    segment_.reset();
}

/// The open segment ends with its last picture. If it cannot be written it is removed.
void HlsWriter::close() {
    try {
        append(gathered_, tentative_);
        if (segment_ && finder_.pts() != segment_->pts) end_segment(finder_.next_pts());
    } catch (const Error&) {  // reported already, as the reason for closing; or the feed ends
    }
    discard_segment();
    gathered_.clear();
    tentative_.clear();
    first_since_open_ = true;
    last_time_.reset();
}

std::string HlsWriter::idle_reason() const {
    return segments_written_ == 0 ? "its first segment is being made" : "";
}

}  // namespace riverlight::player

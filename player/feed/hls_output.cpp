#include "player/feed/hls_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono;

constexpr std::string_view part = ".part", ending = ".ts";
constexpr std::int64_t wrap = std::int64_t{1} << 33;
constexpr Ticks hole = ticks_a_second / 2;  ///< datagrams further apart than this were dropped between

[[noreturn]] void fail(const std::string& path, int error) {
    throw Error("cannot write " + path + ": " + system_reason(error) +
                (error == ENOSPC ? "; make room on that disk" : ""));
}

/// From one stamp to a later one.
microseconds between(std::int64_t from, std::int64_t to) {
    return microseconds{(to - from + wrap) % wrap * 100 / 9};
}

seconds target_of(const OutputSpec& spec, const FeedFacts& facts) {
    return ceil<seconds>(spec.segment + facts.gop);
}

}  // namespace

HlsCarrier::HlsCarrier(const OutputSpec& spec, const FeedFacts& facts)
    : folder_(spec.path),
      least_(spec.segment),
      window_(static_cast<std::size_t>(spec.window)),
      list_(window_, target_of(spec, facts)) {}

void HlsCarrier::open(const std::atomic<bool>&) {
    std::error_code ec;
    fs::create_directories(folder_, ec);
    if (ec) throw Error("cannot make the folder " + folder_ + ": " + ec.message());
    follows_nothing_ = true;
    finder_ = {};
    kept_.clear();
    if (!list_.segments().empty()) return;
    try {
        list_.go_on_with(read_file(path_of(playlist_name), 64U << 10));
    } catch (const Error&) {  // there is none yet
    }
    remove_strangers();
}

/// Segments of an earlier run that no list names any more.
void HlsCarrier::remove_strangers() const {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder_, ec)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with("live-") && (name.ends_with(ending) || name.ends_with(part));
        const bool listed = std::any_of(list_.segments().begin(), list_.segments().end(),
                                        [&](const auto& s) { return s.name == name; });
        if (ours && !listed) fs::remove(entry.path(), ec);
    }
}

void HlsCarrier::carry(std::span<const Datagram> run) {
    for (const auto& d : run) {
        if (last_time_ && d.time - *last_time_ > hole) close();  // the writer came too late for some
        last_time_ = d.time;
        for (std::size_t at = 0; at < datagram_size; at += packet_size) look(d.bytes.data() + at, d);
    }
    write(gathered_);
    gathered_.clear();
}

void HlsCarrier::look(const std::uint8_t* packet, const Datagram& from) {
    const auto is = finder_.look(packet);
    const auto append = [&](Bytes& to, const std::uint8_t* bytes, std::size_t size) {
        to.insert(to.end(), bytes, bytes + size);
    };
    if (is == CutFinder::Is::maybe) {
        if (pid_of(packet) == pid::pat) {  // the one before opened nothing
            append(gathered_, kept_.data(), kept_.size());
            kept_.clear();
        }
        return append(kept_, packet, packet_size);
    }
    if (is == CutFinder::Is::opened) cut(finder_.stamp(), from);
    append(gathered_, kept_.data(), kept_.size());
    kept_.clear();
    append(gathered_, packet, packet_size);
}

void HlsCarrier::cut(std::int64_t stamp, const Datagram& from) {
    if (segment_ && between(segment_stamp_, stamp) < least_) return;
    end_segment(stamp);
    begin_segment(stamp, from);
}

void HlsCarrier::begin_segment(std::int64_t stamp, const Datagram& from) {
    gathered_.clear();  // what came before the first key picture
    if (list_.next() == 0) list_.begin_at(duration_cast<seconds>(from.utc.time_since_epoch()).count());
    segment_name_ = "live-" + std::to_string(list_.next()) + std::string(ending);
    const auto path = path_of(segment_name_) + std::string(part);
    segment_ = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!segment_) fail(path, errno);
    segment_stamp_ = stamp;
    const auto until = between(from.time / ticks_a_stamp % wrap, stamp);
    segment_begins_ = from.utc + until;
}

void HlsCarrier::end_segment(std::int64_t stamp) {
    if (!segment_) return;
    write(gathered_);
    gathered_.clear();
    segment_.reset();
    const auto path = path_of(segment_name_);
    if (::rename((path + std::string(part)).c_str(), path.c_str()) != 0) fail(path, errno);
    const bool first = std::exchange(follows_nothing_, false);
    if (list_.segments().size() == window_) old_.push_back(list_.segments().front().name);
    list_.add(
        {segment_name_, between(segment_stamp_, stamp), segment_begins_, first && !list_.segments().empty()});
    write_file_atomically(path_of(playlist_name), list_.text());
    ++written_;
    forget_old();
}

void HlsCarrier::forget_old() {
    std::error_code ec;
    for (; old_.size() > window_ + 1; old_.pop_front()) fs::remove(path_of(old_.front()), ec);
}

void HlsCarrier::write(std::span<const std::uint8_t> bytes) {
    while (segment_ && !bytes.empty()) {
        const auto wrote = ::write(segment_.get(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail(path_of(segment_name_), errno);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
        bytes_ += wrote;
    }
}

void HlsCarrier::give_up_segment() {
    segment_.reset();
    std::error_code ec;
    fs::remove(path_of(segment_name_) + std::string(part), ec);
}

/// The piece that is open ends with its last picture; where it cannot be written, it goes.
void HlsCarrier::close() {
    try {
        gathered_.insert(gathered_.end(), kept_.begin(), kept_.end());
        if (segment_ && finder_.stamp() != segment_stamp_) end_segment(finder_.next_stamp());
    } catch (const Error&) {  // its reason is known already: that is why it is closed, or it is the end
    }
    give_up_segment();
    gathered_.clear();
    kept_.clear();
    follows_nothing_ = true;
    last_time_.reset();
}

std::string HlsCarrier::waiting() const {
    return written_ == 0 ? "its first segment is being made" : "";
}

}  // namespace riverlight::player

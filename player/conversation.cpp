#include "player/conversation.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>

#include "content/base/error.hpp"
#include "player/cue/message.hpp"

namespace riverlight::player {
namespace {

using std::chrono::steady_clock;

/// From here on periodic events are dropped.
constexpr std::size_t drop_periodic_above = 256U << 10;
/// From here on the other side counts as gone.
constexpr std::size_t max_outgoing = 1U << 20;
/// Lines read in one poll(), so that a flood of commands cannot hold up a frame.
constexpr std::size_t max_lines_per_poll = 64;

/// Events that the next one of their kind replaces.
bool is_periodic(const Event& event) {
    return std::holds_alternative<Progress>(event) || std::holds_alternative<Health>(event);
}

}  // namespace

Conversation::Conversation(int in, int out) : in_(in), out_(out) {
    assert(in >= 0 && out >= 0);
    for (const int fd : {in, out}) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void Conversation::read_available() {
    std::array<char, 16384> bytes;
    while (!closed_ && incoming_.size() <= max_lines_per_poll * longest_line) {
        const auto got = ::read(in_, bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (got > 0)
            incoming_.append(bytes.data(), static_cast<std::size_t>(got));
        else
            closed_ = true;
    }
}

void Conversation::poll(const std::function<void(const Command&)>& handle) {
    read_available();
    std::size_t from = 0;
    for (auto end = incoming_.find('\n'); end != std::string::npos; end = incoming_.find('\n', from)) {
        const auto line = std::string_view(incoming_).substr(from, end - from);
        from = end + 1;
        if (line.empty()) continue;
        try {
            handle(parse_command(line));
        } catch (const Error& e) {
            send(Trouble{e.what(), ""});
        }
    }
    incoming_.erase(0, from);
    if (incoming_.size() > longest_line) closed_ = true;
    write_queued();
}

void Conversation::wait_for_input(std::chrono::milliseconds longest) const {
    pollfd input{in_, POLLIN, 0};
    ::poll(&input, 1, static_cast<int>(longest.count()));
}

void Conversation::send(const Event& event) {
    if (is_periodic(event) && outgoing_.size() > drop_periodic_above) return;
    outgoing_ += to_line(event) + '\n';
    if (outgoing_.size() > max_outgoing) closed_ = true;
    write_queued();
}

void Conversation::write_queued() {
    while (!outgoing_.empty()) {
        const auto wrote = ::write(out_, outgoing_.data(), outgoing_.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (wrote < 0) {
            closed_ = true;
            outgoing_.clear();
            return;
        }
        outgoing_.erase(0, static_cast<std::size_t>(wrote));
    }
}

void Conversation::flush(std::chrono::milliseconds longest) {
    const auto deadline = steady_clock::now() + longest;
    write_queued();
    while (!outgoing_.empty() && steady_clock::now() < deadline) {
        pollfd output{out_, POLLOUT, 0};
        ::poll(&output, 1, 50);
        write_queued();
    }
}

}  // namespace riverlight::player

#include "player/conversation.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

constexpr std::size_t busy = 256U << 10, most_waiting = 1U << 20;

}  // namespace

Conversation::Conversation(int in, int out) : in_(in), out_(out) {
    for (const int fd : {in, out}) ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void Conversation::poll(const std::function<void(const Command&)>& take) {
    char bytes[16384];
    while (!over_) {
        const auto got = ::read(in_, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (got <= 0) {
            over_ = true;
            break;
        }
        reading_.append(bytes, static_cast<std::size_t>(got));
        if (reading_.size() > 64 * longest_line) break;
    }
    std::size_t from = 0;
    for (auto end = reading_.find('\n'); end != std::string::npos; end = reading_.find('\n', from)) {
        const auto line = std::string_view(reading_).substr(from, end - from);
        from = end + 1;
        if (line.empty()) continue;
        try {
            take(parse_command(line));
        } catch (const Error& e) {
            tell(Trouble{e.what(), ""});
        }
    }
    reading_.erase(0, from);
    if (reading_.size() > longest_line) over_ = true;
    push();
}

void Conversation::wait(std::chrono::milliseconds longest) const {
    pollfd waiting{in_, POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(longest.count()));
}

void Conversation::tell(const Event& event) {
    const bool news = !std::holds_alternative<Progress>(event) && !std::holds_alternative<Health>(event);
    if (!news && writing_.size() > busy) return;
    writing_ += to_line(event) + '\n';
    if (writing_.size() > most_waiting) over_ = true;
    push();
}

void Conversation::push() {
    while (!writing_.empty()) {
        const auto wrote = ::write(out_, writing_.data(), writing_.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (wrote < 0) {
            over_ = true;
            writing_.clear();
            return;
        }
        writing_.erase(0, static_cast<std::size_t>(wrote));
    }
}

void Conversation::flush(std::chrono::milliseconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    push();
    while (!writing_.empty() && std::chrono::steady_clock::now() < until) {
        pollfd ready{out_, POLLOUT, 0};
        ::poll(&ready, 1, 50);
        push();
    }
}

}  // namespace riverlight::player

#include "tools/cli/passphrase.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "content/base/files.hpp"

namespace riverlight::cli {
namespace {

constexpr std::size_t longest = 1024, shortest = 8;

/// Reads one line byte by byte, so that the caller of the descriptor keeps what follows the line.
std::string read_line(int fd, const std::string& what) {
    std::string line;
    for (char c = 0;;) {
        const auto got = ::read(fd, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error("cannot read the passphrase from " + what + ": " + system_reason(errno));
        if (got == 0 || c == '\n') return line;
        line += c;
        if (line.size() > longest) throw Error("the passphrase in " + what + " is longer than 1024 bytes");
    }
}

/// Turns the terminal's echo off while it exists.
class EchoOff {
  public:
    explicit EchoOff(int fd) : fd_(fd) {
        if (::tcgetattr(fd, &before_) != 0)
            throw Error("the terminal cannot be used: " + system_reason(errno));
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(fd, TCSAFLUSH, &silent);
    }
    ~EchoOff() { ::tcsetattr(fd_, TCSAFLUSH, &before_); }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

  private:
    int fd_;
    termios before_{};
};

std::string ask_terminal(const std::string& question) {
    const Fd tty(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!tty) return {};
    const auto print = [&](const std::string& text) {
        static_cast<void>(!::write(tty.get(), text.data(), text.size()));
    };
    const EchoOff silent(tty.get());
    print(question);
    auto line = read_line(tty.get(), "the terminal");
    print("\n");
    return line;
}

std::string read_passphrase(const PassphraseOptions& options) {
    if (options.fd >= 0) return read_line(options.fd, "descriptor " + std::to_string(options.fd));
    const Fd fd(::open(options.file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) throw Error("cannot read the passphrase's file " + options.file + ": " + system_reason(errno));
    struct stat status {};
    if (::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0)
        throw Error("the passphrase's file " + options.file +
                    " can be read by others than its owner; run: chmod 600 " + options.file);
    return read_line(fd.get(), options.file);
}

bool has_file_or_descriptor(const PassphraseOptions& options) {
    return options.fd >= 0 || !options.file.empty();
}

}  // namespace

void add_passphrase(CLI::App& command, PassphraseOptions& options) {
    auto* file =
        command.add_option("--passphrase-file", options.file,
                           "file whose first line is the keys' passphrase; without it the terminal asks");
    command.add_option("--passphrase-fd", options.fd, "descriptor to read the passphrase from")
        ->check(CLI::NonNegativeNumber)
        ->excludes(file);
}

AskPassphrase passphrase_source(const PassphraseOptions& options) {
    // Read once and kept: a descriptor gives its line only once.
    const auto read = std::make_shared<std::string>();
    return [options, read](const std::string& path) {
        if (!has_file_or_descriptor(options)) return ask_terminal("Passphrase of " + path + ": ");
        if (read->empty()) *read = read_passphrase(options);
        return *read;
    };
}

std::string new_passphrase(const PassphraseOptions& options) {
    auto first = has_file_or_descriptor(options) ? read_passphrase(options)
                                                 : ask_terminal("New passphrase for the keys: ");
    if (first.empty() && !has_file_or_descriptor(options))
        throw Error(
            "keys need a passphrase and there is no terminal to ask: name --passphrase-file or "
            "--passphrase-fd, or --unprotected for keys of a demonstration");
    if (first.size() < shortest)
        throw Error("the passphrase has " + std::to_string(first.size()) + " bytes; take at least " +
                    std::to_string(shortest) + ", better four words that nobody has put together before");
    if (!has_file_or_descriptor(options) && ask_terminal("The same again: ") != first)
        throw Error("the two passphrases differ; nothing was made, try again");
    return first;
}

}  // namespace riverlight::cli

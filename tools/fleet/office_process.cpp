#include "tools/fleet/office_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_start = 60s, longest_stop = 120s;
constexpr auto look_every = 20ms;
constexpr std::uint64_t log_cap = 64U << 20;

/// True as soon as the process has ended; `status` is then what waitpid(2) says.
bool has_ended(pid_t pid, int& status) {
    return ::waitpid(pid, &status, WNOHANG) == pid;
}

std::string port_in(const std::string& log) {
    static const std::regex says("office on port (\\d+)");
    std::smatch found;
    return std::regex_search(log, found, says) ? found[1].str() : "";
}

}  // namespace

OfficeProcess::OfficeProcess(const Setup& setup) : log_(setup.log) {
    std::vector<std::string> words{setup.program,     "serve",          "--simulated-time", "--listen",
                                   "127.0.0.1:0",     "--state",        setup.state_folder, "--channel",
                                   setup.channel_url, "--channel-root", setup.trusted_root};
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const Fd log(::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!log) throw Error(log_ + ": cannot be written");
    pid_ = ::fork();
    if (pid_ < 0) throw Error(setup.program + ": cannot be started");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it never outlives the fleet
        ::dup2(log.get(), STDOUT_FILENO);
        ::dup2(log.get(), STDERR_FILENO);
        ::execv(argv.front(), argv.data());
        ::_exit(127);
    }
    const auto deadline = std::chrono::steady_clock::now() + longest_start;
    for (std::string port; url_.empty();) {
        const auto said = read_file(log_, log_cap);
        if (port = port_in(said); !port.empty()) url_ = "http://127.0.0.1:" + port;
        int status = 0;
        const bool ended = has_ended(pid_, status);
        if (ended) pid_ = -1;
        if (ended || std::chrono::steady_clock::now() > deadline)
            throw Error(setup.program + " does not serve: " +
                        said.substr(said.size() - std::min<std::size_t>(said.size(), 1000)));
        std::this_thread::sleep_for(look_every);
    }
}

OfficeProcess::~OfficeProcess() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

/// Of /proc/<pid>/stat (proc(5)): fields 14 and 15 are clock ticks; VmHWM of status is kB.
OfficeUse OfficeProcess::so_far() const {
    OfficeUse out;
    const auto folder = "/proc/" + std::to_string(pid_);
    std::ifstream stat(folder + "/stat");
    std::string text;
    std::getline(stat, text);
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string skipped;
    for (int n = 3; n < 14; ++n) fields >> skipped;
    std::int64_t user = 0, system = 0;
    fields >> user >> system;
    out.processor = std::chrono::milliseconds{(user + system) * 1000 / ::sysconf(_SC_CLK_TCK)};
    std::ifstream status(folder + "/status");
    while (std::getline(status, text))
        if (text.starts_with("VmHWM:")) out.most_memory = std::stoll(text.substr(6)) * 1024;
    return out;
}

void OfficeProcess::stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + longest_stop;
    int status = 0;
    while (!has_ended(pid_, status)) {
        if (std::chrono::steady_clock::now() > deadline)
            throw Error("riverlight-office does not end; its log is " + log_);
        std::this_thread::sleep_for(look_every);
    }
    pid_ = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw Error("riverlight-office did not end well; its log is " + log_);
}

}  // namespace riverlight::fleet

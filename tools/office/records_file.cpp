#include "tools/office/records_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string_view>

#include "content/base/files.hpp"
#include "content/base/instant.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;
constexpr std::array<std::string_view, 3> beside{"-wal", "-shm", "-journal"};

std::string folder_of(const std::string& path) {
    const auto folder = fs::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
    throw Error(path + ": " + what + " (" + system_reason(errno) + ")");
}

Fd opened(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) refuse(path, "cannot be opened");
    return fd;
}

}  // namespace

void settle_file(const std::string& path) {
    Database db(RecordsAddress::file(path));
    db.run_all("PRAGMA journal_mode=DELETE");  // fails while anybody else has it open
    if (db.text("PRAGMA journal_mode") != "delete")
        throw Error(path + ": another program has these records open: stop the office first");
}

void settle_served_file(const std::string& path) {
    settle_file(path);
    const Database in_its_mode(RecordsAddress::file(path));
}

void sync_file(const std::string& path) {
    const auto fd = opened(path);
    if (::fsync(fd.get()) != 0) refuse(path, "cannot be written to disk");
}

void finish_file(const std::string& path) {
    const auto fd = opened(path);
    struct stat folder {};
    if (::geteuid() == 0 && ::stat(folder_of(path).c_str(), &folder) == 0 &&
        ::fchown(fd.get(), folder.st_uid, folder.st_gid) != 0)
        refuse(path, "cannot be given to the owner of its folder");
    if (::fsync(fd.get()) != 0) refuse(path, "cannot be written to disk");
}

void replace_file(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) refuse(from, "cannot be renamed to " + to);
    sync_folder(folder_of(to));
}

void rename_file(const std::string& from, const std::string& to) {
    if (fs::exists(to)) throw Error(to + ": is there; move it away first");
    replace_file(from, to);
}

void remove_file(const std::string& path) {
    std::error_code ec;  // what cannot be removed is named by whoever writes it next
    fs::remove(path, ec);
    for (const auto end : beside) fs::remove(path + std::string(end), ec);
}

std::string time_for_names() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::string time;
    for (const char c : to_rfc3339(now).substr(0, 19))
        if (c != '-' && c != ':') time += c;
    return time + 'Z';
}

std::string name_beside(const std::string& path, const std::string& words) {
    const auto name = path + '.' + words + '-' + time_for_names();
    auto out = name;
    for (int i = 2; fs::exists(out); ++i) out = name + '-' + std::to_string(i);
    return out;
}

}  // namespace riverlight::office

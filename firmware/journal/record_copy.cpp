#include "firmware/journal/record_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "journal-copy-", suffix = ".jsonl";

std::string name_of(const std::string& epoch) {
    return std::string(prefix) + epoch + std::string(suffix);
}

}  // namespace

RecordCopy::RecordCopy(const std::string& journal, const std::string& epoch)
    : path_((fs::path(journal).parent_path() / name_of(epoch)).string()) {}

bool RecordCopy::open() {
    if (file_ || path_.empty()) return static_cast<bool>(file_);
    file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    return static_cast<bool>(file_);
}

void RecordCopy::append(const std::vector<std::string>& records) {
    if (records.empty() || !open()) return;
    std::string lines;
    for (const auto& record : records) lines.append(record).append(1, '\n');
    // A line that is cut short is no record to JournalSalvage; it finds the next one all the same.
    if (::write(file_.get(), lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) file_.reset();
}

void RecordCopy::clear() {
    if (open() && ::ftruncate(file_.get(), 0) != 0) file_.reset();
}

std::vector<std::string> RecordCopy::find_others(const std::string& folder, const std::string& epoch) {
    std::vector<std::string> found;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with(prefix) && name.ends_with(suffix) && name != name_of(epoch) &&
            entry.symlink_status(ec).type() == fs::file_type::regular)
            found.push_back(entry.path().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace riverlight::firmware

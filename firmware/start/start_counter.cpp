#include "firmware/start/start_counter.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "content/base/file_pair.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t file_cap = 16U << 10;
constexpr int most_failed = 1'000'000;
constexpr std::size_t longest_failure = 2000;

struct Stored {
    int failed = 0;
    std::string failure;
    bool safe = false;
    std::string boot;  ///< in which the last start was counted, while it is not known how it ended
};

std::string path_in(const std::string& folder) {
    return folder + "/starts.json";
}

Stored read(const std::string& path) {
    try {
        const auto value = read_hashed(path, {.bytes = file_cap, .depth = 2});
        JsonFields fields(value, path);
        fields.format(1);
        Stored stored;
        stored.failed = static_cast<int>(fields.integer("failed", 0, most_failed));
        stored.failure = fields.text("words", 4 * longest_failure);
        stored.safe = fields.boolean_or("safe", false);
        stored.boot = fields.text_or("boot", "");
        return stored;
    } catch (const Error&) {
        return {};  // the first start, or a damaged file
    }
}

/// At most `longest_failure` bytes, cut between characters.
std::string shortened(std::string text) {
    if (text.size() <= longest_failure) return text;
    auto end = longest_failure;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    return text;
}

void remove_durably(const std::string& path) {
    std::error_code ec;
    fs::remove_all(path, ec);
    if (ec) throw DiskFault("cannot remove " + path + ": " + ec.message());
    sync_folder(fs::path(path).parent_path().string());
}

}  // namespace

StartCounter::StartCounter(const std::string& folder) : path_(path_in(folder)) {}

void StartCounter::write(int failed, const std::string& failure, bool safe, const std::string& boot) const {
    assert(failed >= 0 && failed <= most_failed);
    json::object text{{"format", 1}, {"failed", failed}, {"words", shortened(failure)}, {"safe", safe}};
    if (!boot.empty()) text["boot"] = boot;
    write_hashed(path_, text);
}

int StartCounter::count_start(const std::string& boot) {
    const auto stored = read(path_);
    const bool cut = !boot.empty() && !stored.boot.empty() && stored.boot != boot;
    before_ = std::max(0, stored.failed - (cut ? 1 : 0));
    last_failure_ = stored.failure;
    safe_ = false;
    boot_ = boot;
    write(std::min(before_ + 1, most_failed), {}, false, boot_);
    counted_ = true;
    return before_;
}

void StartCounter::mark_safe_mode() {
    assert(counted_);
    safe_ = true;
    write(std::min(before_ + 1, most_failed), last_failure_, true, boot_);
}

void StartCounter::reset() {
    assert(counted_);
    before_ = 0;
    last_failure_.clear();
    remove_durably(path_);
}

void StartCounter::forget_start() {
    assert(counted_);
    if (before_ == 0 && !safe_)
        remove_durably(path_);
    else
        write(before_, last_failure_, safe_);
}

void StartCounter::record_failure(const std::string& reason) {
    write(std::min(before_ + 1, most_failed), reason, safe_);
}

void StartCounter::set_failed(int failed) {
    before_ = failed;
    write(failed, last_failure_, safe_);
}

bool StartCounter::is_removed() const {
    std::error_code ec;
    return !fs::exists(path_, ec) && !ec;
}

bool is_in_safe_mode(const std::string& folder) {
    return read(path_in(folder)).safe;
}

bool leave_safe_mode(const std::string& folder) {
    const auto path = path_in(folder);
    const bool safe = read(path).safe;
    std::error_code ec;
    if (fs::exists(path, ec)) remove_durably(path);
    return safe;
}

}  // namespace riverlight::firmware

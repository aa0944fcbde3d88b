#include "firmware/start/starts.hpp"

#include <cerrno>
#include <filesystem>
#include <optional>

#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t file_cap = 16U << 10;
constexpr int most_failed = 1'000'000;
constexpr std::size_t most_words = 2000;

struct Noted {
    int failed = 0;
    std::string words;
    bool safe = false;
};

std::string path_in(const std::string& folder) {
    return folder + "/starts.json";
}

Noted read(const std::string& path) {
    try {
        const auto value = parse_json(read_file(path, file_cap), path, {.bytes = file_cap, .depth = 2});
        JsonFields fields(value, path);
        fields.format(1);
        Noted noted;
        noted.failed = static_cast<int>(fields.integer("failed", 0, most_failed));
        noted.words = fields.text("words", 4 * most_words);
        noted.safe = fields.boolean_or("safe", false);
        return noted;
    } catch (const Error&) {
        return {};  // no start yet, or spoiled by a failing disk: counted from the beginning
    }
}

/// No longer than `most_words` bytes, and whole characters.
std::string shortened(std::string words) {
    if (words.size() <= most_words) return words;
    auto end = most_words;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
    words.resize(end);
    return words;
}

void remove_durably(const std::string& path) {
    std::error_code ec;
    fs::remove(path, ec);
    if (ec) throw DiskFault("cannot remove " + path + ": " + ec.message());
    sync_folder(fs::path(path).parent_path().string());
}

}  // namespace

Starts::Starts(const std::string& folder) : path_(path_in(folder)) {}

void Starts::write(int failed, const std::string& words, bool safe) const {
    write_file_atomically(
        path_, pretty_json(json::object{
                   {"format", 1}, {"failed", failed}, {"words", shortened(words)}, {"safe", safe}}));
}

int Starts::begin() {
    const auto noted = read(path_);
    before_ = noted.failed;
    last_words_ = noted.words;
    write(std::min(before_ + 1, most_failed), {}, false);
    safe_ = false;
    return before_;
}

void Starts::note_safe_mode() {
    safe_ = true;
    write(std::min(before_ + 1, most_failed), last_words_, true);
}

void Starts::lasted() {
    before_ = 0;
    last_words_.clear();
    remove_durably(path_);
}

void Starts::ended_in_order() {
    if (before_ == 0 && !safe_)
        remove_durably(path_);
    else
        write(before_, last_words_, safe_);
}

void Starts::ended_with(const std::string& words) {
    write(std::min(before_ + 1, most_failed), words, safe_);
}

void Starts::leave_at(int failed) {
    before_ = failed;
    write(failed, last_words_, safe_);
}

bool Starts::removed() const {
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

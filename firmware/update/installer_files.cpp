#include "firmware/update/installer_files.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/file_pair.hpp"
#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

constexpr JsonLimits limits{8192, 3, 30};
constexpr std::size_t longest_name = 64, longest_why = 1000;
constexpr std::int64_t last_number = std::int64_t{1} << 53;

std::string_view to_text(InstallerTask task) {
    return task == InstallerTask::install ? "install" : "restart";
}

InstallerRequest read_request(const std::string& path) {
    const auto object = read_hashed(path, limits);
    JsonFields fields(object, path);
    fields.format(1);
    InstallerRequest request{fields.integer("number", 1, last_number)};
    const auto task = fields.text("task", longest_name);
    if (task == to_text(InstallerTask::restart)) {
        request.task = InstallerTask::restart;
        return request;
    }
    if (task != to_text(InstallerTask::install))
        fields.refuse("task", ReadFault::malformed, "must be install or restart");
    request.sha256 = fields.text("bundle", longest_name);
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (request.sha256.size() != 64 || !std::all_of(request.sha256.begin(), request.sha256.end(), is_hex))
        fields.refuse("bundle", ReadFault::malformed, "must have 64 hex digits");
    request.version = fields.text("version", longest_name);
    if (!content::SystemVersion::parse(request.version))
        fields.refuse("version", ReadFault::malformed, "must be the version of a system");
    return request;
}

}  // namespace

void write_request(const std::string& path, const InstallerRequest& request) {
    write_hashed(path, {{"format", 1},
                        {"number", request.number},
                        {"task", to_text(request.task)},
                        {"bundle", request.sha256},
                        {"version", request.version}});
}

std::optional<InstallerRequest> take_request(const std::string& path) {
    std::error_code ec;
    if (!fs::exists(fs::symlink_status(path, ec))) return {};
    // Whatever it is, it must not start the installer again. Its folder belongs to another user: nothing in
    // it is followed or emptied.
    const auto remove = [&] {
        fs::remove(path, ec);
        if (ec) throw DiskFault(path + ": cannot be removed: " + ec.message());
    };
    try {
        auto request = read_request(path);
        remove();
        return request;
    } catch (const ReadError&) {
        remove();
        throw;
    }
}

void write_answer(const std::string& path, const InstallerAnswer& answer) {
    write_hashed(path, {{"format", 1},
                        {"number", answer.number},
                        {"done", answer.done},
                        {"fault", content::to_text(answer.fault)},
                        {"why", plain_text(answer.why, longest_why)}});
}

std::optional<InstallerAnswer> read_answer(const std::string& path) {
    try {
        const auto object = read_hashed(path, limits);
        JsonFields fields(object, path);
        fields.format(1);
        return InstallerAnswer{fields.integer("number", 1, last_number), fields.boolean_or("done", false),
                               content::parse_update_fault(fields.text("fault", longest_name)),
                               fields.text_or("why", "", longest_why)};
    } catch (const Error&) {
        return {};
    }
}

}  // namespace riverlight::firmware

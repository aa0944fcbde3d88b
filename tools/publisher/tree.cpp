#include "tools/publisher/tree.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::size_t cap_of(const std::string& role) {
    if (role == "root") return content::root_cap;
    if (role == "timestamp") return content::timestamp_cap;
    return role == "snapshot" ? content::snapshot_cap : content::targets_cap;
}

template <class Take>
void read_pieces(const std::string& path, const Take& take) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) throw Error("cannot read " + path + ": " + system_reason(errno));
    std::string piece(1U << 20, '\0');
    for (;;) {
        const auto got = ::read(fd.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error("cannot read " + path + ": " + system_reason(errno));
        if (got == 0) return;
        take(std::string_view(piece.data(), static_cast<std::size_t>(got)));
    }
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto wrote = ::write(fd, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) throw Error("cannot write " + path + ": " + system_reason(errno));
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

}  // namespace

std::vector<std::int64_t> versions_of(const std::string& folder, const std::string& role) {
    std::vector<std::int64_t> out;
    const auto suffix = '.' + role + ".json";
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        const auto name = entry.path().filename().string();
        if (!name.ends_with(suffix) || name.size() == suffix.size() || name.size() > suffix.size() + 15)
            continue;
        const auto digits = name.substr(0, name.size() - suffix.size());
        if (digits.find_first_not_of("0123456789") == std::string::npos) out.push_back(std::stoll(digits));
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string sha256_of_file(const std::string& path) {
    Sha256 hash;
    read_pieces(path, [&](std::string_view piece) { hash.add(piece); });
    return hash.hex();
}

Tree::Tree(std::string folder, WriteWhole write) : folder_(std::move(folder)), write_(std::move(write)) {
    if (!write_)
        write_ = [](const std::string& path, std::string_view bytes) { write_file_atomically(path, bytes); };
}

Fd Tree::lock() const {
    const auto path = folder_ + "/.lock";
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) throw Error("cannot write " + path + ": " + system_reason(errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        throw PublishError(PublishFault::in_use, folder_,
                           "another command is writing this channel; try again when it has ended");
    return fd;
}

void Tree::require_channel() const {
    if (newest("root") == 0)
        throw Error(folder_ +
                    ": is not a channel; create one with: riverlight channel init --keys KEYS --out " +
                    folder_);
}

std::int64_t Tree::newest(const std::string& role) const {
    const auto all = versions_of(folder_ + "/metadata", role);
    return all.empty() ? 0 : all.back();
}

std::map<std::string, std::int64_t> Tree::snapshot_versions() const {
    std::map<std::string, std::int64_t> out;
    const auto path = folder_ + "/metadata/timestamp.json";
    if (!fs::exists(path)) return out;
    const auto timestamp = content::parse_timestamp(read_file(path, content::timestamp_cap), path);
    out["timestamp"] = timestamp.version;
    out["snapshot"] = timestamp.snapshot.version;
    const auto at = metadata_path("snapshot", timestamp.snapshot.version);
    for (const auto& [role, facts] : content::parse_snapshot(read_file(at, content::snapshot_cap), at).meta)
        out[role] = facts.version;
    return out;
}

std::int64_t Tree::seen(const std::string& role) const {
    if (role == "root") {  // readers follow roots one by one
        std::int64_t n = 0;
        for (const auto version : versions_of(folder_ + "/metadata", role))
            if (version == n + 1) n = version;
        return n;
    }
    const auto all = snapshot_versions();
    const auto found = all.find(role);
    return found == all.end() ? 0 : found->second;
}

std::vector<std::string> Tree::roles() const {
    std::vector<std::string> out;
    for (const auto& [role, unused] : snapshot_versions())
        if (role != "timestamp" && role != "snapshot") out.push_back(role);
    return out;
}

std::string Tree::metadata_path(const std::string& role, std::int64_t version) const {
    return folder_ + "/metadata/" + (role == "timestamp" ? "" : std::to_string(version) + '.') + role +
           ".json";
}

std::string Tree::bytes(const std::string& role) const {
    return read_file(metadata_path(role, seen(role)), cap_of(role));
}

json::object Tree::body(const std::string& role) const {
    const auto value = parse_json(bytes(role), role + ".json", {.bytes = cap_of(role)});
    JsonFields fields(value, role + ".json");
    return fields.object("signed");
}

content::Root Tree::root() const {
    return content::parse_root(bytes("root"), metadata_path("root", seen("root")));
}

std::optional<content::Targets> Tree::targets(const std::string& role) const {
    const auto version = seen(role);
    if (version == 0) return {};
    return content::parse_targets(bytes(role), metadata_path(role, version));
}

void Tree::write(const std::string& role, std::int64_t version, std::string_view bytes) const {
    fs::create_directories(folder_ + "/metadata");
    write_(metadata_path(role, version), bytes);
}

std::string Tree::target_path(const std::string& path, const std::string& sha256) const {
    return folder_ + "/targets/" + content::consistent_path(path, sha256);
}

bool Tree::has_target(const std::string& path, const content::FileFacts& facts) const {
    std::error_code ec;
    const auto size = fs::file_size(target_path(path, facts.sha256), ec);
    return !ec && size == facts.length;
}

void Tree::write_target(const std::string& path, const std::string& sha256, std::string_view bytes) const {
    const auto into = target_path(path, sha256);
    fs::create_directories(fs::path(into).parent_path());
    write_(into, bytes);
}

void Tree::copy_target(const std::string& path, const std::string& sha256, const std::string& from) const {
    const auto into = target_path(path, sha256);
    fs::create_directories(fs::path(into).parent_path());
    std::string staging = into + ".XXXXXX";
    const Fd fd(::mkostemp(staging.data(), O_CLOEXEC));
    if (!fd) throw Error("cannot write " + into + ": " + system_reason(errno));
    try {
        Sha256 hash;
        read_pieces(from, [&](std::string_view piece) {
            hash.add(piece);
            write_all(fd.get(), piece, into);
        });
        if (hash.hex() != sha256)
            throw Error(from +
                        ": its bytes have changed while it was copied, or are not those that its name says");
        if (::fchmod(fd.get(), 0644) != 0 || ::fsync(fd.get()) != 0)
            throw Error("cannot write " + into + ": " + system_reason(errno));
        fs::rename(staging, into);
    } catch (...) {
        ::unlink(staging.c_str());
        throw;
    }
    sync_folder(fs::path(into).parent_path().string());
}

}  // namespace riverlight::publisher

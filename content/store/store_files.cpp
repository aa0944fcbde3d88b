#include "content/store/store_files.hpp"

#include <array>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/store/scrub.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

std::array<std::string, 2> fact_paths(const StoreLayout& layout, const std::string& sha256) {
    return {layout.facts(sha256), layout.facts_copy(sha256)};
}

bool is_regular(const std::string& path, std::uint64_t bytes) {
    std::error_code ec;
    return fs::is_regular_file(fs::symlink_status(path, ec)) && fs::file_size(path, ec) == bytes && !ec;
}

void move(const std::string& from, const std::string& to) {
    make_way(to);
    std::error_code ec;
    fs::rename(from, to, ec);
    if (ec) throw DiskFault("cannot move " + from + " to " + to + ": " + ec.message());
}

std::string hash_in(const std::string& media_name) {
    return media_name.substr(0, media_name.find('.'));
}

}  // namespace

void make_store_folders(const StoreLayout& layout) {
    for (const auto* name : {"", "/trust", "/media", "/targets", "/copies", "/damaged", "/staging"})
        make_own_folder(layout.root + name);
}

std::optional<std::string> find_fact(const StoreLayout& layout, const std::string& sha256,
                                     std::vector<std::string>* damaged) {
    for (const auto& path : fact_paths(layout, sha256)) {
        try {
            auto bytes = read_file(path, facts_cap);
            if (sha256_hex(bytes) == sha256) return bytes;
        } catch (const Error&) {  // gone, of another kind, or the disk cannot read it
        }
        if (damaged) damaged->push_back(path);
    }
    return {};
}

bool is_kept_twice(const StoreLayout& layout, const std::string& sha256, std::uint64_t bytes) {
    const auto paths = fact_paths(layout, sha256);
    return is_regular(paths[0], bytes) && is_regular(paths[1], bytes);
}

void keep_fact(const StoreLayout& layout, const std::string& sha256, const std::string& bytes) {
    for (const auto& path : fact_paths(layout, sha256)) {
        if (is_regular(path, bytes.size()) && sha256_hex(read_file(path, facts_cap)) == sha256) continue;
        make_own_folder(fs::path(path).parent_path().string());
        make_way(path);
        write_file_atomically(path, bytes);
    }
}

bool has_media(const StoreLayout& layout, const std::string& name, std::uint64_t bytes) {
    return is_regular(layout.media_folder() + '/' + name, bytes);
}

void set_media_aside(const StoreLayout& layout, const std::string& name) {
    const auto path = layout.media_folder() + '/' + name;
    make_way(path);
    std::error_code ec;
    if (!fs::exists(path, ec)) return;
    make_own_folder(layout.root + "/damaged");
    move(path, layout.set_aside(name));
}

bool take_media_back(const StoreLayout& layout, const std::string& name) {
    const auto aside = layout.set_aside(name);
    std::error_code ec;
    if (!fs::is_regular_file(fs::symlink_status(aside, ec)) || hash_on_disk(aside) != hash_in(name))
        return false;
    move(aside, layout.media_folder() + '/' + name);
    return true;
}

void forget_media_aside(const StoreLayout& layout, const std::string& name) {
    std::error_code ec;
    fs::remove_all(layout.set_aside(name), ec);
}

}  // namespace riverlight::content

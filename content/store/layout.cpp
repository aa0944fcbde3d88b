#include "content/store/layout.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "content/base/file_pair.hpp"
#include "content/base/json.hpp"
#include "content/segment/country_json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::uint64_t release_cap = 64U << 20;

/// `segments/a.json` → `a`; empty if the path is not directly in that folder.
std::string name_in(const std::string& path, std::string_view folder) {
    if (!path.starts_with(folder) || !path.ends_with(".json")) return {};
    const auto name = path.substr(folder.size(), path.size() - folder.size() - 5);
    return name.find('/') == std::string::npos ? name : std::string{};
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

void add_country_facts(Facts& facts, const std::string& path, const std::string& bytes) {
    const auto code = upper(path.substr(10, 2));
    if (!is_country(code) || path.size() < 14 || path[12] != '/') return;
    auto& country = facts.catalogue.countries[code];
    country.code = code;
    const auto file = path.substr(13);
    if (file == "places.json") parse_places(bytes, path, country);
    if (file == "clearances.json") parse_clearances(bytes, path, country);
    if (file == "hotlines.json") parse_hotlines(bytes, path, country);
}

FilePair files_of_release(const StoreLayout& layout, KeptRelease which) {
    const auto stem = layout.root + (which == KeptRelease::current ? "/current" : "/good");
    return {stem + ".json", stem + ".copy.json"};
}

FilePair heard_files(const StoreLayout& layout) {
    return {layout.root + "/heard.json", layout.root + "/heard.copy.json"};
}

StoredRelease parse_release(const json::object& object, const std::string& what) {
    JsonFields fields(object, what);
    fields.format(1);
    StoredRelease out;
    out.release = fields.text("release", 128);
    const auto until = from_rfc3339(fields.text("signed_until", 40));
    if (!until) fields.refuse("signed_until", ReadFault::malformed, "is not an instant");
    out.signed_until = *until;
    for (const auto& member : fields.object("facts")) {
        const auto* sha256 = member.value().if_string();
        if (!sha256 || !is_sha256(*sha256))
            throw ReadError(ReadFault::malformed, fields.where().in("facts"), "a hash is malformed");
        out.facts.emplace(member.key(), *sha256);
    }
    for (const auto& member : fields.object("media")) {
        const auto* bytes = member.value().if_int64();
        if (!bytes || *bytes < 0 || std::string_view(member.key()).find('/') != std::string_view::npos)
            throw ReadError(ReadFault::malformed, fields.where().in("media"), "an entry is malformed");
        out.media.emplace(member.key(), *bytes);
    }
    return out;
}

/// `release` with the clearances of `next` in place of its own.
StoredRelease under_clearances_of(const StoredRelease& next, const StoredRelease& release) {
    auto out = release;
    std::erase_if(out.facts, [](const auto& fact) { return is_clearances(fact.first); });
    for (const auto& fact : next.facts)
        if (is_clearances(fact.first)) out.facts.insert(fact);
    const auto newest = next.release.substr(next.release.find('+') + 1);
    if (out.facts != release.facts) out.release = std::string(base_of(release.release)) + '+' + newest;
    return out;
}

void write_release(const StoreLayout& layout, KeptRelease which, const StoredRelease& release) {
    json::object facts, media;
    for (const auto& [path, sha256] : release.facts) facts[path] = sha256;
    for (const auto& [name, bytes] : release.media) media[name] = static_cast<std::int64_t>(bytes);
    write_pair(files_of_release(layout, which), {{"format", 1},
                                                 {"release", release.release},
                                                 {"signed_until", to_rfc3339(release.signed_until)},
                                                 {"facts", std::move(facts)},
                                                 {"media", std::move(media)}});
}

}  // namespace

std::optional<StoredRelease> read_release(const StoreLayout& layout, KeptRelease which,
                                          std::vector<std::string>* damaged) {
    const auto pair = files_of_release(layout, which);
    const auto reading = read_pair(pair, {.bytes = release_cap, .depth = 4, .values = 2'000'000});
    if (damaged) damaged->insert(damaged->end(), reading.damaged.begin(), reading.damaged.end());
    if (!reading.value) return {};
    return parse_release(*reading.value, pair.first);
}

std::optional<StoredRelease> find_release(const StoreLayout& layout, KeptRelease which,
                                          std::vector<std::string>* damaged) {
    try {
        return read_release(layout, which, damaged);
    } catch (const Error&) {
        if (damaged) damaged->push_back(files_of_release(layout, which).first);
        return {};
    }
}

bool make_current(const StoreLayout& layout, const StoredRelease& next) {
    // Before `next` is current: if the power fails in between, nothing withdrawn airs from the last good one.
    auto good = find_release(layout, KeptRelease::last_good);
    if (good) write_release(layout, KeptRelease::last_good, under_clearances_of(next, *good));
    const bool had = find_release(layout, KeptRelease::current) == next;
    write_release(layout, KeptRelease::current, next);
    if (!good) write_release(layout, KeptRelease::last_good, next);
    return !had;
}

bool confirm_current(const StoreLayout& layout) {
    const auto current = find_release(layout, KeptRelease::current);
    if (!current || find_release(layout, KeptRelease::last_good) == current) return false;
    write_release(layout, KeptRelease::last_good, *current);
    return true;
}

bool is_clearances(std::string_view path) {
    return path.starts_with("countries/") && path.ends_with("/clearances.json");
}

std::string_view base_of(std::string_view release) {
    return release.substr(0, release.find('+'));
}

Fd lock_store(const StoreLayout& layout, std::chrono::seconds timeout) {
    make_way(layout.lock());
    Fd fd(::open(layout.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd) throw Error("cannot write " + layout.lock() + ": " + system_reason(errno));
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            throw Error("cannot lock " + layout.lock() + ": " + system_reason(errno));
        if (std::chrono::steady_clock::now() >= until)
            throw StoreError(StoreFault::in_use, layout.root,
                             "another visit or the import of a stick is writing this store; try again later");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fd;
}

std::optional<Instant> read_last_contact(const StoreLayout& layout) {
    try {
        const auto heard = heard_files(layout);
        const auto reading = read_pair(heard, {.bytes = 1024, .depth = 2});
        if (!reading.value) return {};
        JsonFields fields(*reading.value, heard.first);
        fields.format(1);
        return from_rfc3339(fields.text("at", 40));
    } catch (const Error&) {
        return {};  // no contact yet, or damaged by a failing disk: the next visit writes it again
    }
}

bool record_contact(const StoreLayout& layout, Instant at) {
    const auto had = read_last_contact(layout);
    const bool later =
        !had || std::chrono::floor<std::chrono::days>(at) > std::chrono::floor<std::chrono::days>(*had);
    if (!later) at = *had;
    write_pair(heard_files(layout), {{"format", 1}, {"at", to_rfc3339(at)}});  // and repairs them
    return later;
}

void add_facts(Facts& facts, const std::string& path, const std::string& bytes) {
    if (const auto id = name_in(path, "segments/"); !id.empty()) {
        auto manifest = parse_manifest(bytes, path);
        if (manifest.id != id) throw Error(path + ": is about segment '" + manifest.id + "'");
        facts.catalogue.segments.insert_or_assign(id, std::move(manifest));
    } else if (const auto name = name_in(path, "schedules/"); !name.empty()) {
        facts.schedules.insert_or_assign(name, bytes);
    } else if (path.starts_with("countries/")) {
        add_country_facts(facts, path, bytes);
    }
}

}  // namespace riverlight::content

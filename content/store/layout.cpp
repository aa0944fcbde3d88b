#include "content/store/layout.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "content/base/json.hpp"
#include "content/segment/country_json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::uint64_t current_cap = 64U << 20;

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

}  // namespace

CurrentRelease parse_current(std::string_view text, const std::string& what) {
    const auto value = parse_json(text, what, {.bytes = current_cap, .depth = 4, .values = 2'000'000});
    JsonFields fields(value, what);
    fields.format(1);
    CurrentRelease current;
    current.release = fields.text("release", 128);
    const auto until = from_rfc3339(fields.text("signed_until", 40));
    if (!until) fields.refuse("signed_until", ReadFault::malformed, "is not an instant");
    current.signed_until = *until;
    for (const auto& member : fields.object("facts")) {
        const auto* text_of = member.value().if_string();
        if (!text_of || !is_sha256(*text_of))
            throw ReadError(ReadFault::malformed, fields.where().in("facts"), "a hash is malformed");
        current.facts.emplace(member.key(), *text_of);
    }
    for (const auto& member : fields.object("media")) {
        const auto* bytes = member.value().if_int64();
        if (!bytes || *bytes < 0 || std::string_view(member.key()).find('/') != std::string_view::npos)
            throw ReadError(ReadFault::malformed, fields.where().in("media"), "an entry is malformed");
        current.media.emplace(member.key(), *bytes);
    }
    return current;
}

std::string write_current(const CurrentRelease& current) {
    json::object facts, media;
    for (const auto& [path, sha256] : current.facts) facts[path] = sha256;
    for (const auto& [name, bytes] : current.media) media[name] = static_cast<std::int64_t>(bytes);
    return pretty_json(json::object{{"format", 1},
                                    {"release", current.release},
                                    {"signed_until", to_rfc3339(current.signed_until)},
                                    {"facts", std::move(facts)},
                                    {"media", std::move(media)}});
}

std::optional<CurrentRelease> read_current(const StoreLayout& layout) {
    std::error_code ec;
    std::exception_ptr first;
    for (const auto& path : {layout.current(), layout.current_copy()}) {
        if (!std::filesystem::exists(path, ec)) continue;
        try {
            return parse_current(read_file(path, current_cap), path);
        } catch (const Error&) {
            if (!first) first = std::current_exception();
        }
    }
    if (first) std::rethrow_exception(first);
    return {};
}

bool make_current(const StoreLayout& layout, const CurrentRelease& current) {
    const auto text = write_current(current);
    const auto has_text = [&](const std::string& path) {
        try {
            return read_file(path, current_cap) == text;
        } catch (const Error&) {
            return false;
        }
    };
    const bool had = has_text(layout.current());
    if (!had) write_file_atomically(layout.current(), text);
    if (!has_text(layout.current_copy())) write_file_atomically(layout.current_copy(), text);
    return !had;
}

Fd lock_store(const StoreLayout& layout, std::chrono::seconds timeout) {
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
        const auto value =
            parse_json(read_file(layout.heard(), 1024), layout.heard(), {.bytes = 1024, .depth = 2});
        JsonFields fields(value, layout.heard());
        fields.format(1);
        return from_rfc3339(fields.text("at", 40));
    } catch (const Error&) {
        return {};  // no contact yet, or damaged by a failing disk: the next visit writes it again
    }
}

bool record_contact(const StoreLayout& layout, Instant at) {
    const auto had = read_last_contact(layout);
    if (had && std::chrono::floor<std::chrono::days>(at) <= std::chrono::floor<std::chrono::days>(*had))
        return false;
    write_file_atomically(layout.heard(), pretty_json(json::object{{"format", 1}, {"at", to_rfc3339(at)}}));
    return true;
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

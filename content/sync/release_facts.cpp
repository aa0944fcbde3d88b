#include "content/sync/release_facts.hpp"

#include <algorithm>

#include "content/base/files.hpp"
#include "content/store/store_files.hpp"
#include "content/sync/download_list.hpp"

namespace riverlight::content {
namespace {

/// True if a target's path can be part of a URL and of a file name.
bool is_safe_path(const std::string& path) {
    return !path.empty() && path.size() < 512 && path.front() != '/' &&
           path.find("..") == std::string::npos && percent_encoded(path, "/") == path;
}

/// `countries/kh/…` → `kh`; empty elsewhere.
std::string country_of_path(const std::string& path) {
    const std::string folder = "countries/";
    if (!path.starts_with(folder)) return {};
    return path.substr(folder.size(), path.find('/', folder.size()) - folder.size());
}

/// What a release is made of beside its media. Other targets are of other rooms, or of later versions.
bool is_fact(std::string_view path) {
    return path.starts_with("segments/") || path.starts_with("schedules/") || path.starts_with("countries/");
}

std::string lower(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return text;
}

std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
}

/// Why the bytes of a fact cannot be read; nothing if they can, and are in `facts` now.
std::optional<std::string> read_fact(Facts& facts, const std::string& path, const std::string& bytes) {
    try {
        add_facts(facts, path, bytes);
        return {};
    } catch (const Error& e) {
        return e.what();
    }
}

}  // namespace

ReleaseFacts::ReleaseFacts(const SyncOptions& options, SourcePool& sources, const TufClient& client,
                           const std::map<std::string, std::string>& role_faults, const StoredRelease& former,
                           std::vector<std::string>& alarms)
    : options_(options),
      sources_(sources),
      client_(client),
      role_faults_(role_faults),
      former_(former),
      layout_{options.store_root} {
    for (const auto& [path, sha256] : former.facts)
        if (const auto fault = role_faults.find(country_of_path(path)); fault != role_faults.end())
            throw Error(fault->second);
    list(alarms);
}

void ReleaseFacts::list(std::vector<std::string>& alarms) {
    std::vector<std::string> refused;
    const auto take = [&](std::string_view named, const VerifiedTarget& vouched) {
        if (named.starts_with("media/")) return;
        const std::string path(named);
        const auto country = country_of_path(path);
        if (!is_safe_path(path) || vouched.facts.sha256.empty() ||
            (!country.empty() && vouched.role != country))
            refused.push_back(vouched.role + ": " + path);
        else if (is_fact(path) && is_selected(country))
            named_.emplace(path, vouched.facts);
    };
    client_.all_targets(take, refused);
    take_countries_own(refused);
    for (std::size_t n = 0; n < refused.size() && n < 20; ++n)
        alarms.push_back(refused[n].substr(0, 200) + ": listed by a role that may not sign for it; ignored");
}

/// A country's files are those that its own role lists, whatever other roles say of them.
void ReleaseFacts::take_countries_own(std::vector<std::string>& refused) {
    const auto& roles = client_.trust().targets();
    for (const auto& delegation : roles.at("targets").delegations) {
        const auto role = roles.find(delegation.name);
        if (role == roles.end() || !client_.trust().verified(delegation.name, "targets")) continue;
        for (const auto& [named, facts] : role->second.targets) {
            const std::string path(named);
            if (country_of_path(path) != delegation.name || !delegation.covers(path) || !is_safe_path(path) ||
                facts.sha256.empty() || !is_selected(delegation.name))
                continue;
            named_.insert_or_assign(path, facts);
            std::erase(refused, delegation.name + ": " + path);
        }
    }
}

bool ReleaseFacts::is_selected(const std::string& country) const {
    const auto& selected = options_.countries;
    return country.empty() || selected.empty() ||
           std::find(selected.begin(), selected.end(), country) != selected.end();
}

std::string ReleaseFacts::fetch(const std::string& path, const FileFacts& facts) {
    if (!facts.length || *facts.length > facts_cap)
        throw Error(path + ": the channel's list gives " +
                    (facts.length ? std::to_string(*facts.length) + " bytes" : "no length") +
                    "; facts may have at most " + std::to_string(facts_cap));
    std::vector<std::string> damaged;
    if (auto kept = find_fact(layout_, facts.sha256, &damaged)) {
        for (const auto& file : damaged)
            if (options_.on_damage) options_.on_damage(file);
        try {
            if (!damaged.empty() || !is_kept_twice(layout_, facts.sha256, kept->size()))
                keep_fact(layout_, facts.sha256, *kept);
        } catch (const DiskFault&) {  // a full disk must not end a visit, which may be what frees space
        }
        return *kept;
    }
    const bool prefixed = client_.trust().root().consistent_snapshot;
    std::string bytes;
    sources_.try_sources([&](Fetcher& from) {
        bytes =
            from.need("targets/" + (prefixed ? consistent_path(path, facts.sha256) : path), *facts.length);
        require_bytes(facts, bytes, path);
    });
    keep_fact(layout_, facts.sha256, bytes);
    return bytes;
}

StoredRelease ReleaseFacts::under_newest_clearances() {
    auto release = former_;
    for (const auto& [path, sha256] : former_.facts) {
        if (!is_clearances(path) || !is_selected(country_of_path(path))) continue;
        const auto found = named_.find(path);
        if (found == named_.end()) {
            release.facts.erase(path);
            continue;
        }
        Facts readable;
        if (read_fact(readable, path, fetch(path, found->second)))
            clearances_read_ = false;
        else
            release.facts[path] = found->second.sha256;
    }
    return release;
}

std::size_t ReleaseFacts::restore() {
    std::size_t restored = 0;
    if (!client_.trust().root().consistent_snapshot) return restored;
    for (const auto& [path, sha256] : former_.facts) {
        if (find_fact(layout_, sha256)) continue;
        const FileFacts facts{{}, sha256, {}, true};
        std::string bytes;
        sources_.try_sources([&, &name = path, &hash = sha256](Fetcher& from) {
            bytes = from.need("targets/" + consistent_path(name, hash), facts_cap);
            require_bytes(facts, bytes, name);
        });
        keep_fact(layout_, sha256, bytes);
        ++restored;
    }
    return restored;
}

/// Finds the lower-case code of the country in which the board is. Returns why there is none.
std::optional<std::string> ReleaseFacts::find_own_country(std::string& code) {
    std::string former;
    for (const auto& [path, unused] : former_.facts)
        if (const auto country = country_of_path(path); !country.empty()) former = country;
    Facts places;
    std::optional<std::string> unread;
    for (const auto& [path, file] : named_)
        if (path.starts_with("countries/") && path.ends_with("/places.json"))
            if (auto why = read_fact(places, path, fetch(path, file))) unread = why;
    if (!places.catalogue.place(options_.place)) {
        if (!role_faults_.empty()) throw Error(role_faults_.begin()->second);
        if (unread) return unread;
    }
    try {
        code = lower(find_country(places.catalogue, options_.place, upper(former)));
        return {};
    } catch (const ReadError& e) {
        if (e.kind != ReadFault::unresolved) throw;  // several claim it: nothing is taken until only one does
        return e.what();
    }
}

std::optional<std::string> ReleaseFacts::read(StoredRelease& next, Facts& facts) {
    std::string own;
    if (!options_.place.empty())
        if (auto why = find_own_country(own)) return why;
    std::optional<std::string> unread;
    for (const auto& [path, file] : named_) {
        const auto country = country_of_path(path);
        if (!own.empty() && !country.empty() && country != own) continue;
        if (auto why = read_fact(facts, path, fetch(path, file)); why && !unread) unread = why;
        next.facts.emplace(path, file.sha256);
    }
    if (unread || !options_.require_playable || next.release == former_.release) return unread;
    try {
        options_.require_playable(facts);
        return {};
    } catch (const DiskFault&) {
        throw;
    } catch (const Error& e) {
        return e.what();
    }
}

}  // namespace riverlight::content

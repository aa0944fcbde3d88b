#include "scheduler/campaign/table_reader.hpp"

#include <algorithm>

#include "content/base/instant.hpp"
#include "content/base/suggest.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

namespace {

/// Limits the report of a hostile file.
constexpr std::size_t most_findings = 200, longest_message = 1000;

/// Cuts a text to the longest message, between letters.
std::string clipped(std::string text) {
    if (text.size() <= longest_message) return text;
    auto cut = longest_message;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    return text.substr(0, cut) + "…";
}

}  // namespace

void TableReader::add(const toml::node* at, bool is_error, std::string message, std::string meant) {
    if (findings_.size() > most_findings) return;
    if (findings_.size() == most_findings) {
        message = "has more errors than are listed here";
        meant.clear();
    }
    const auto line = at ? static_cast<int>(at->source().begin.line) : 0;
    findings_.push_back({file_, line, is_error,
                         clipped(where_) + ": " + clipped(std::move(message) + suggestion_of(meant)),
                         std::move(meant)});
}

const toml::node* TableReader::find(std::string_view key, bool needed) {
    const auto* found = table_.get(key);
    if (!found && needed) error("needs '" + std::string(key) + "'");
    return found;
}

std::string TableReader::text(std::string_view key, bool needed) {
    const auto* found = find(key, needed);
    if (!found) return {};
    const auto* value = found->as_string();
    if (!value) {
        error(found, "'" + std::string(key) + "' must be a string in quotes");
        return {};
    }
    if (value->get().size() > 1000) {
        error(found, "'" + std::string(key) + "' is longer than 1,000 bytes");
        return {};
    }
    return value->get();
}

void TableReader::wrong_word(std::string_view key, std::string_view written,
                             std::span<const std::string_view> words) {
    std::string allowed;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) allowed += i + 1 == words.size() ? " or " : ", ";
        allowed += '"' + std::string(words[i]) + '"';
    }
    error(node(key), "'" + std::string(key) + "' is '" + std::string(written) + "'; it must be " + allowed,
          nearest_name(written, words));
}

std::string TableReader::id(std::string_view key) {
    auto value = text(key, true);
    if (!value.empty() && !content::is_id(value)) {
        error(node(key), "'" + std::string(key) + "' is '" + value +
                             "'; use lower-case letters, digits and hyphens, at most 63");
        return {};
    }
    return value;
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                  std::int64_t most) {
    const auto* found = find(key, false);
    if (!found) return otherwise;
    const auto* value = found->as_integer();
    if (!value || value->get() < least || value->get() > most) {
        error(found, "'" + std::string(key) + "' must be a whole number from " + std::to_string(least) +
                         " to " + std::to_string(most));
        return otherwise;
    }
    return value->get();
}

std::vector<std::string> TableReader::texts(std::string_view key, std::size_t most) {
    std::vector<std::string> out;
    const auto* found = find(key, false);
    if (!found) return out;
    const auto* list = found->as_array();
    if (!list) {
        error(found, "'" + std::string(key) + "' must be a list of strings, in [brackets]");
        return out;
    }
    if (list->size() > most) {
        error(found, "'" + std::string(key) + "' has " + std::to_string(list->size()) +
                         " entries, more than the " + std::to_string(most) + " allowed");
        return out;
    }
    for (const auto& item : *list) {
        if (const auto* value = item.as_string()) {
            out.push_back(value->get());
        } else {
            error(&item, "'" + std::string(key) + "' must hold strings only");
        }
    }
    return out;
}

std::vector<int> TableReader::integers(std::string_view key, std::size_t most, std::int64_t least,
                                       std::int64_t most_value) {
    std::vector<int> out;
    const auto* found = find(key, false);
    if (!found) return out;
    const auto* list = found->as_array();
    if (!list || list->size() > most) {
        error(found, "'" + std::string(key) + "' must be a list of at most " + std::to_string(most) +
                         " whole numbers, in [brackets]");
        return out;
    }
    for (const auto& item : *list) {
        const auto* value = item.as_integer();
        if (value && value->get() >= least && value->get() <= most_value) {
            out.push_back(static_cast<int>(value->get()));
        } else {
            error(&item, "'" + std::string(key) + "' must hold whole numbers from " + std::to_string(least) +
                             " to " + std::to_string(most_value));
        }
    }
    return out;
}

namespace {

std::optional<local_days> date_of(const toml::date& d) {
    const year_month_day ymd{year{d.year}, month{d.month}, day{d.day}};
    if (!ymd.ok()) return {};
    return local_days{ymd};
}

std::optional<local_days> date_in(const toml::node& node) {
    if (const auto* value = node.as_date()) return date_of(value->get());
    if (const auto* written = node.as_string()) return date_from_iso(written->get());
    return {};
}

std::optional<Moment> moment_in(const toml::node& node) {
    if (const auto* written = node.as_string()) return moment_from_text(written->get());
    const auto* value = node.as_date_time();
    if (!value) return {};
    const auto both = value->get();
    const auto day = date_of(both.date);
    if (!day) return {};
    const local_seconds local =
        *day + (hours{both.time.hour} + minutes{both.time.minute} + seconds{both.time.second});
    if (!both.offset) return local;
    return Instant{local.time_since_epoch() - minutes{both.offset->minutes}};
}

}  // namespace

std::optional<local_days> TableReader::date(std::string_view key) {
    const auto* found = find(key, false);
    if (!found) return {};
    const auto read = date_in(*found);
    if (!read) error(found, "'" + std::string(key) + "' must be a date that exists, such as 2026-11-23");
    return read;
}

std::vector<local_days> TableReader::dates(std::string_view key, std::size_t most) {
    std::vector<local_days> out;
    const auto* found = find(key, false);
    if (!found) return out;
    const auto* list = found->as_array();
    if (!list) {
        error(found, "'" + std::string(key) + "' must be a list of dates, in [brackets]");
        return out;
    }
    if (list->size() > most) {
        error(found, "'" + std::string(key) + "' has " + std::to_string(list->size()) +
                         " entries, more than the " + std::to_string(most) +
                         " allowed; write them as a rule");
        return out;
    }
    for (const auto& item : *list) {
        if (const auto read = date_in(item)) {
            out.push_back(*read);
        } else {
            error(&item, "'" + std::string(key) + "' must hold dates that exist, such as 2026-11-23");
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::optional<Moment> TableReader::moment(std::string_view key) {
    const auto* found = find(key, false);
    if (!found) return {};
    const auto read = moment_in(*found);
    if (!read)
        error(found, "'" + std::string(key) +
                         "' must be a date and time to the second, such as 2026-11-23T06:00:00+07:00, or "
                         "2026-11-23T06:00:00 for each place's own clock");
    return read;
}

std::optional<seconds> TableReader::time(std::string_view key, bool needed) {
    const auto* found = find(key, needed);
    if (!found) return {};
    if (const auto* value = found->as_time()) {
        const auto t = value->get();
        return hours{t.hour} + minutes{t.minute} + seconds{t.second};
    }
    if (const auto* written = found->as_string()) {
        auto value = written->get();
        if (value.size() == 5) value += ":00";
        if (value == "24:00:00") return hours{24};
        if (const auto at = from_rfc3339("1970-01-01T" + value + "Z"); at && value.size() == 8)
            return duration_cast<seconds>(at->time_since_epoch());
    }
    error(found, "'" + std::string(key) + "' must be a time of day, such as \"06:30\" or 06:30:00");
    return {};
}

const toml::table* TableReader::table(std::string_view key) {
    const auto* found = find(key, false);
    if (found && !found->as_table()) error(found, "'" + std::string(key) + "' must be a table");
    return found ? found->as_table() : nullptr;
}

std::vector<const toml::table*> TableReader::tables(std::string_view key, std::size_t most) {
    std::vector<const toml::table*> out;
    const auto* found = find(key, false);
    if (!found) return out;
    const auto* list = found->as_array();
    if (!list || !std::all_of(list->begin(), list->end(), [](const toml::node& n) { return n.is_table(); })) {
        error(found, "'" + std::string(key) + "' must be written as [[" + std::string(key) + "]] tables");
        return out;
    }
    if (list->size() > most) {
        error(found, std::to_string(list->size()) + " of '" + std::string(key) + "', more than the " +
                         std::to_string(most) + " allowed");
        return out;
    }
    for (const auto& item : *list) out.push_back(item.as_table());
    return out;
}

void TableReader::reject_unknown(std::span<const std::string_view> known) {
    for (const auto& [key, value] : table_) {
        if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
            error(&value, "unknown key '" + std::string(key.str()) + "'", nearest_name(key.str(), known));
        }
    }
}

}  // namespace riverlight::scheduler

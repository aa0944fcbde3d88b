#include "firmware/update/update_note.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/file_pair.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::firmware {

using content::UpdateFault;

namespace {

namespace json = boost::json;

constexpr JsonLimits limits{64U << 10, 4, 1000};
constexpr std::size_t longest_name = 64, longest_why = 1000;
constexpr std::int64_t last_number = std::int64_t{1} << 53;

FilePair files_of(const std::string& folder) {
    return {folder + "/update.json", folder + "/update.copy.json"};
}

Instant read_instant(JsonFields& fields, std::string_view key = "at") {
    return from_rfc3339(fields.text(key, longest_name)).value_or(Instant{});
}

json::object write_tried(const TriedUpdate& tried) {
    return {{"version", tried.version},
            {"bundle", tried.sha256},
            {"slot", to_text(tried.slot)},
            {"boot", tried.boot},
            {"written", tried.written},
            {"since", to_rfc3339(tried.since)},
            {"within_days", tried.patience.count()}};
}

TriedUpdate read_tried(const json::value& value, const Where& where) {
    JsonFields fields(value, where);
    const auto slot = parse_slot(fields.text("slot", longest_name));
    if (!slot) fields.refuse("slot", ReadFault::malformed, "must be A or B");
    return {fields.text("version", longest_name),
            fields.text("bundle", longest_name),
            *slot,
            fields.text("boot", longest_name),
            fields.boolean_or("written", false),
            read_instant(fields, "since"),
            std::chrono::days(fields.integer("within_days", 0, content::most_patience.count()))};
}

json::object write_refused(const RefusedUpdate& refused) {
    return {{"version", refused.version},
            {"bundle", refused.sha256},
            {"fault", content::to_text(refused.fault)},
            {"count", refused.count},
            {"at", to_rfc3339(refused.at)}};
}

RefusedUpdate read_refused(const json::value& value, const Where& where) {
    JsonFields fields(value, where);
    return {fields.text("version", longest_name), fields.text("bundle", longest_name),
            content::parse_update_fault(fields.text("fault", longest_name)),
            static_cast<int>(fields.integer("count", 1, 1000)), read_instant(fields)};
}

UpdateNote read_note(const json::object& object, const std::string& path) {
    JsonFields fields(object, path);
    fields.format(1);
    UpdateNote note;
    note.number = fields.integer("number", 0, last_number);
    if (const auto* tried = fields.optional("tried")) note.tried = read_tried(*tried, path);
    if (const auto* value = fields.optional("last")) {
        JsonFields last(*value, path);
        note.last = {last.text("version", longest_name),
                     content::parse_update_fault(last.text("fault", longest_name)), read_instant(last)};
        note.last_why = last.text_or("why", "", longest_why);
    }
    for (const auto& one : fields.array("refused", UpdateNote::most_refused))
        note.refused.push_back(read_refused(one, path));
    const auto& versions = fields.object("slots");
    JsonFields slots(versions, path);
    for (const auto slot : all_slots)
        note.slot_versions.at(static_cast<std::size_t>(slot)) = slots.text(to_text(slot), longest_name);
    return note;
}

}  // namespace

bool is_final(UpdateFault fault) {
    switch (fault) {
        case UpdateFault::not_newer:
        case UpdateFault::other_kind:
        case UpdateFault::bad_signature:
        case UpdateFault::did_not_play:
        case UpdateFault::starts_used:
        case UpdateFault::root_damaged:
        case UpdateFault::unknown:
            return true;
        case UpdateFault::none:
        case UpdateFault::no_bundle:
        case UpdateFault::bad_digest:
        case UpdateFault::install_failed:
        case UpdateFault::interrupted:
        case UpdateFault::no_answer:
            return false;
    }
    assert(false && "a fault of the enumeration");
    return false;
}

std::set<std::string> UpdateNote::barred() const {
    std::set<std::string> out;
    for (const auto& one : refused)
        if (is_final(one.fault) || one.count >= most_tries) out.insert(one.sha256);
    if (tried && tried->written) out.insert(tried->sha256);
    return out;
}

void UpdateNote::add_refused(const TriedUpdate& update, UpdateFault fault, Instant at) {
    const auto same = std::find_if(refused.begin(), refused.end(),
                                   [&](const auto& one) { return one.sha256 == update.sha256; });
    const int before = same == refused.end() ? 0 : same->count;
    if (same != refused.end()) refused.erase(same);
    refused.push_back({update.version, update.sha256, fault, before + 1, at});
    if (refused.size() > most_refused) refused.erase(refused.begin());
}

UpdateNote read_update_note(const std::string& state_folder) {
    try {
        const auto kept = read_pair(files_of(state_folder), limits);
        return kept.value ? read_note(*kept.value, files_of(state_folder).first) : UpdateNote{};
    } catch (const Error&) {
        return {};
    }
}

void write_update_note(const std::string& state_folder, const UpdateNote& note) {
    json::value tried = nullptr, last = nullptr;
    if (note.tried) tried = write_tried(*note.tried);
    if (note.last)
        last = json::object{{"version", note.last->version},
                            {"fault", content::to_text(note.last->fault)},
                            {"at", to_rfc3339(note.last->at)},
                            {"why", plain_text(note.last_why, longest_why)}};
    json::array refused;
    for (const auto& one : note.refused) refused.push_back(write_refused(one));
    json::object slots;
    for (const auto slot : all_slots)
        slots[to_text(slot)] = note.slot_versions.at(static_cast<std::size_t>(slot));
    static_cast<void>(write_pair(files_of(state_folder), {{"format", 1},
                                                          {"number", note.number},
                                                          {"tried", std::move(tried)},
                                                          {"last", std::move(last)},
                                                          {"refused", std::move(refused)},
                                                          {"slots", std::move(slots)}}));
}

}  // namespace riverlight::firmware

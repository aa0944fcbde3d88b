#include "firmware/slots/slot_report.hpp"

#include "content/base/file_pair.hpp"
#include "content/base/json.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

constexpr JsonLimits limits{4096, 4, 50};
constexpr std::size_t longest_name = 32;

SystemSlot read_slot(JsonFields& fields, std::string_view key) {
    const auto slot = parse_slot(fields.text(key, longest_name));
    if (!slot) fields.refuse(key, ReadFault::malformed, "must be A or B");
    return *slot;
}

SlotRecord read_record(const json::value& value, const Where& where) {
    JsonFields fields(value, where);
    const auto trust = parse_slot_trust(fields.text("trust", longest_name));
    if (!trust) fields.refuse("trust", ReadFault::malformed, "must be a slot's trust, such as sure");
    return {*trust, parse_slot_fault(fields.text("fault", longest_name))};
}

}  // namespace

void write_slot_report(const std::string& path, const SlotReport& report) {
    json::object slots;
    for (const auto slot : all_slots) {
        const auto& record = report.state.of(slot);
        slots[to_text(slot)] =
            json::object{{"trust", to_text(record.trust)}, {"fault", to_text(record.fault)}};
    }
    write_hashed(path, {{"format", 1},
                        {"running", to_text(report.running)},
                        {"first", to_text(report.state.first)},
                        {"slots", std::move(slots)}});
}

std::optional<SlotReport> read_slot_report(const std::string& path) {
    try {
        const auto object = read_hashed(path, limits);
        JsonFields fields(object, path);
        fields.format(1);
        SlotReport report{read_slot(fields, "running"), {1, read_slot(fields, "first"), {}}};
        const auto& slots = fields.object("slots");
        JsonFields both(slots, fields.where().in("slots"));
        for (const auto slot : all_slots)
            report.state.slots.at(static_cast<std::size_t>(slot)) =
                read_record(both.object(to_text(slot)), both.where().in(to_text(slot)));
        return report;
    } catch (const Error&) {
        return {};
    }
}

}  // namespace riverlight::firmware

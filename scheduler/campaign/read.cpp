#include "scheduler/campaign/read.hpp"

#include <algorithm>
#include <array>

#include "content/base/json.hpp"
#include "content/base/toml.hpp"
#include "scheduler/campaign/reading.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

Audience read_audience(Reading& reading, TableReader& campaign) {
    Audience audience;
    const auto* table = campaign.table("audience");
    if (!table) return audience;
    auto fields = reading.open(*table, campaign.where() + ", audience");
    audience = {fields.texts("countries", 300), fields.texts("provinces", 1000),
                fields.texts("languages", 300), fields.texts("venues", 300), fields.texts("tags", 300)};
    static constexpr std::array<std::string_view, 5> known{"countries", "provinces", "languages", "venues",
                                                           "tags"};
    fields.reject_unknown(known);
    return audience;
}

void read_campaign(Reading& reading, const toml::table& table) {
    const auto* named = table.get_as<std::string>("id");
    auto fields = reading.open(table, "campaign " + (named ? named->get() : std::string("(unnamed)")));
    Campaign campaign;
    campaign.line = fields.line();
    campaign.id = fields.id("id");
    if (const auto twin = reading.campaign_lines.find(campaign.id);
        !campaign.id.empty() && twin != reading.campaign_lines.end()) {
        fields.error("'" + campaign.id + "' is already the id of a campaign on line " +
                     std::to_string(twin->second) + "; give it another id");
    }
    reading.campaign_lines.emplace(campaign.id, campaign.line);
    campaign.title = fields.text("title");
    campaign.from = fields.date("from");
    campaign.until = fields.date("until");
    if (campaign.from && campaign.until && *campaign.until < *campaign.from)
        fields.error(fields.node("until"), "'until' is before 'from'; it never airs");
    campaign.embargo = fields.moment("embargo");
    campaign.expiry = fields.moment("expiry");
    if (campaign.embargo && campaign.expiry && campaign.embargo->index() == campaign.expiry->index() &&
        *campaign.expiry <= *campaign.embargo)
        fields.error(fields.node("expiry"), "'expiry' is not after 'embargo'; it never airs");
    campaign.audience = read_audience(reading, fields);
    campaign.priority = static_cast<int>(fields.integer("priority", 50, 0, 100));
    const auto bookings = fields.tables("booking", most_bookings);
    reading.bookings += bookings.size();
    if (reading.bookings > most_bookings) {
        fields.error("more than " + std::to_string(most_bookings) + " bookings in one schedule; split it");
        return;
    }
    if (bookings.empty()) fields.error("has no [[campaign.booking]], so nothing of it airs");
    for (const auto* booking : bookings) read_booking(reading, campaign, *booking);
    static constexpr std::array<std::string_view, 9> known{
        "id", "title", "from", "until", "embargo", "expiry", "audience", "priority", "booking"};
    fields.reject_unknown(known);
    reading.out.schedule.campaigns.push_back(std::move(campaign));
}

ScheduleReading read_table(const toml::table& table, const std::string& file) {
    Reading reading{file};
    auto fields = reading.open(table, "schedule");
    if (!fields.node("format")) fields.error("needs 'format = 1'");
    static_cast<void>(fields.integer("format", 1, 1, 1));
    reading.out.schedule.name = fields.id("name");
    const auto start = fields.time("day_start", false).value_or(0s);
    reading.out.schedule.day_start = duration_cast<minutes>(start);
    if (start % 60s != 0s || start >= hours{24})
        fields.error(fields.node("day_start"), "'day_start' is a whole minute before 24:00");
    if (const auto* parts = fields.table("dayparts")) {
        for (const auto& [name, value] : *parts) {
            if (const auto* part = value.as_table()) {
                read_daypart(reading, std::string(name.str()), *part);
            } else {
                fields.error(&value, "daypart '" + std::string(name.str()) +
                                         "' must be a table with 'from' and 'until'");
            }
        }
    }
    for (const auto* campaign : fields.tables("campaign", most_campaigns)) read_campaign(reading, *campaign);
    static constexpr std::array<std::string_view, 5> known{"format", "name", "day_start", "dayparts",
                                                           "campaign"};
    fields.reject_unknown(known);
    std::stable_sort(reading.out.findings.begin(), reading.out.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    return std::move(reading.out);
}

}  // namespace

ScheduleReading read_schedule_toml(std::string_view text, const std::string& file) {
    if (text.size() > (1U << 20)) {
        return {
            {},
            {{file, 0, true,
              "is " + std::to_string(text.size()) + " bytes, more than the 1,048,576 allowed; split it"}}};
    }
    if (const auto fault = toml_shape_fault(text)) return {{}, {{file, fault->line, true, fault->message}}};
    try {
        return read_table(toml::parse(text, file), file);
    } catch (const toml::parse_error& e) {
        return {{}, {{file, static_cast<int>(e.source().begin.line), true, std::string(e.description())}}};
    } catch (const Error& e) {
        return {{}, {{file, 0, true, e.what()}}};
    }
}

Schedule read_schedule_json(std::string_view text, const std::string& what) {
    const auto value = parse_json(text, what, {.bytes = 8U << 20, .depth = 8, .values = 500'000});
    if (!value.is_object()) throw Error(what + ": must be a JSON object");
    auto reading = read_table(table_of(value.get_object()), what);
    if (!reading.ok()) {
        throw Error(std::find_if(reading.findings.begin(), reading.findings.end(), [](const Finding& f) {
                        return f.error;
                    })->text());
    }
    return std::move(reading.schedule);
}

}  // namespace riverlight::scheduler

#include "firmware/stick/note.hpp"

#include <array>

#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;
using State = StickNote::State;

constexpr std::array states{State::reading, State::done, State::failed};

std::string path_in(const std::string& folder) {
    return folder + "/stick.json";
}

}  // namespace

std::string_view to_text(State state) {
    switch (state) {
        case State::reading:
            return "reading";
        case State::done:
            return "done";
        case State::failed:
            return "failed";
    }
    return {};
}

void write_stick_note(const std::string& folder, const StickNote& note) {
    json::object out{
        {"format", 1}, {"state", to_text(note.state)}, {"words", note.message}, {"at", to_rfc3339(note.at)}};
    if (note.percent) out["percent"] = *note.percent;
    write_file_atomically(path_in(folder), pretty_json(out));
}

std::optional<StickNote> read_stick_note(const std::string& folder) {
    try {
        const auto value = parse_json(read_file(path_in(folder), 16U << 10), path_in(folder),
                                      {.bytes = 16U << 10, .depth = 2});
        JsonFields fields(value, path_in(folder));
        fields.format(1);
        StickNote note;
        const auto state = fields.text("state");
        for (const auto known : states)
            if (state == to_text(known)) note.state = known;
        note.message = fields.text("words", 8192);
        note.at = from_rfc3339(fields.text("at", 40)).value_or(Instant{});
        if (fields.optional("percent")) note.percent = static_cast<int>(fields.integer("percent", 0, 100));
        return note;
    } catch (const Error&) {
        return {};
    }
}

}  // namespace riverlight::firmware

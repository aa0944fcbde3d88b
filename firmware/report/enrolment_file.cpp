#include "firmware/report/enrolment_file.hpp"

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
namespace json = boost::json;

constexpr std::uint64_t cap = 4096;

}  // namespace

std::string enrolment_path(const std::string& folder, const std::string& board) {
    return folder + "/enrolment-" + board + ".json";
}

std::optional<KeptEnrolment> read_enrolment_file(const std::string& path) {
    try {
        const auto value = parse_json(read_file(path, cap), path, {.bytes = cap, .depth = 2});
        JsonFields fields(value, path);
        fields.format(1);
        KeptEnrolment kept{fields.text("office_key", 64), fields.text("used_claim", 64),
                           fields.text("board_key", 64)};
        for (const auto* hex : {&kept.office_key, &kept.used_claim, &kept.board_key})
            if (hex->size() != 64 || hex->find_first_not_of("0123456789abcdef") != std::string::npos)
                return {};
        return kept;
    } catch (const Error&) {
        return {};
    }
}

void write_enrolment_file(const std::string& path, const KeptEnrolment& enrolment) {
    write_file_atomically(path,
                          pretty_json(json::object{{"format", 1},
                                                   {"office_key", enrolment.office_key},
                                                   {"used_claim", enrolment.used_claim},
                                                   {"board_key", enrolment.board_key}}),
                          0600);
}

void reconcile_enrolment(Journal& journal, const std::string& path, const BoardKey& key) {
    const auto kept = read_enrolment_file(path);
    const auto office_key = journal.fact(facts::office_key), claim = journal.fact(facts::used_claim);
    const auto& board_key = key.key.public_hex();
    if (key.is_replacement || (kept && kept->board_key != board_key)) {
        journal.clear_fact(facts::used_claim);
        journal.clear_fact(facts::office_key);
        return;
    }
    if (office_key && claim) {
        const KeptEnrolment known{*office_key, *claim, board_key};
        if (kept != known) write_enrolment_file(path, known);
    } else if (kept) {
        journal.set_fact(facts::used_claim, kept->used_claim);
        journal.set_fact(facts::office_key, kept->office_key);
    }
}

}  // namespace riverlight::firmware

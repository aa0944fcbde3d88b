#include "tools/proof/finding.hpp"

#include <array>
#include <cassert>

namespace riverlight::proof {
namespace {

struct FindingWords {
    ProofFinding finding;
    std::string_view name, sentence;
};
constexpr std::array table{
    FindingWords{ProofFinding::other_office, "other_office", "another office signed the bundle"},
    FindingWords{ProofFinding::other_history, "other_history",
                 "the office showed others a list that this one does not go on from"},
    FindingWords{ProofFinding::not_in_list, "not_in_list",
                 "records are not in the list that the office signed"},
    FindingWords{ProofFinding::record_changed, "record_changed", "a record is not what its hash says"},
    FindingWords{ProofFinding::record_missing, "record_missing",
                 "a record is missing, or another stands in its place"},
    FindingWords{ProofFinding::wrong_signature, "wrong_signature", "no key of the board made this signature"},
    FindingWords{ProofFinding::wrong_enrolment, "wrong_enrolment",
                 "the board did not enrol at the record's place"},
    FindingWords{ProofFinding::plan_unreadable, "plan_unreadable", "the plan is none of this place and day"},
    FindingWords{ProofFinding::plan_contradicted, "plan_contradicted",
                 "the plan and what the board signed say different things of a play"},
    FindingWords{ProofFinding::doubt_ignored, "doubt_ignored", "a record is counted that has to be in doubt"},
    FindingWords{ProofFinding::figure_differs, "figure_differs",
                 "the figure is not what plan and records add up to"},
    FindingWords{ProofFinding::hash_only, "hash_only", "records are known by their hash alone"},
    FindingWords{ProofFinding::not_signed, "not_signed", "no signature of the board covers records"},
    FindingWords{ProofFinding::start_open, "start_open",
                 "nothing shows that no records came before the first"},
    FindingWords{ProofFinding::end_open, "end_open", "nothing shows that no more records followed"},
    FindingWords{ProofFinding::doubt_unproven, "doubt_unproven",
                 "nothing in the bundle shows why a record is left out of the figures"},
    FindingWords{ProofFinding::plan_unproven, "plan_unproven",
                 "the board aired by another plan than this one"},
    FindingWords{ProofFinding::not_recounted, "not_recounted",
                 "its records stay in the country: nothing was recounted"},
    FindingWords{ProofFinding::head_not_compared, "head_not_compared",
                 "the bundle does not show how its list goes on from this head"}};

const FindingWords& words_of(ProofFinding finding) {
    const auto& words = table.at(static_cast<std::size_t>(finding));
    assert(words.finding == finding);
    return words;
}

}  // namespace

std::string_view to_text(ProofFinding finding) {
    return words_of(finding).name;
}

std::string_view describe(ProofFinding finding) {
    return words_of(finding).sentence;
}

bool is_false(ProofFinding finding) {
    return finding < ProofFinding::hash_only;
}

}  // namespace riverlight::proof

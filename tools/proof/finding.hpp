#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// What a check of a bundle finds.
namespace riverlight::proof {

enum class ProofFinding : std::uint8_t {
    // The bundle is false: it contradicts itself, what boards signed, or what the office signed elsewhere.
    other_office,       ///< another office signed it than the one that was named
    other_history,      ///< a head that the office showed elsewhere is not of this list
    not_in_list,        ///< a record is not in the list that the office signed
    record_changed,     ///< a record is not what its hash says
    record_missing,     ///< a record's chain has a hole, or goes on from another record
    wrong_signature,    ///< no key of the board made a signature
    wrong_enrolment,    ///< a record is of a place where its board did not enrol
    plan_unreadable,    ///< a plan is none of its place and day
    plan_contradicted,  ///< a promise and the record that the board signed of it differ
    doubt_ignored,      ///< a record that has to be in doubt is counted
    figure_differs,     ///< a figure is not what its plan and records add up to

    // What the bundle cannot prove, whether or not it is so.
    hash_only,         ///< a record is known by its hash alone
    not_signed,        ///< no signature of the board covers a record
    start_open,        ///< nothing shows that no records of the days came before the first
    end_open,          ///< nothing shows that no more records of the days followed
    doubt_unproven,    ///< nothing here shows why a record is in doubt
    plan_unproven,     ///< a board aired by another plan than this one
    not_recounted,     ///< figures of a place whose records stay in its country
    head_not_compared  ///< a head that the office showed elsewhere cannot be compared with the bundle's
};
/// `figure_differs`, as in JSON.
[[nodiscard]] std::string_view to_text(ProofFinding finding);
/// A sentence's end for people.
[[nodiscard]] std::string_view describe(ProofFinding finding);
/// Whether it shows that the bundle is false; otherwise something is only not proved.
[[nodiscard]] bool is_false(ProofFinding finding);

}  // namespace riverlight::proof

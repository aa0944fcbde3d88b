#include <fstream>
#include <iostream>
#include <memory>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "tools/cli/commands.hpp"
#include "tools/proof/verify.hpp"

namespace riverlight::cli {
namespace {

namespace json = boost::json;
using proof::FoundCount;
using proof::ProofSpot;
using proof::ProofVerdict;

constexpr std::chrono::local_days no_day{};

void print_finding(const ProofSpot& spot, const FoundCount& found) {
    std::cout << "  " << proof::describe(spot.finding);
    if (found.count > 1) std::cout << " (" << found.count << ')';
    if (!spot.place.empty()) std::cout << "; place " << plain_text(spot.place, 64);
    if (spot.day != no_day) std::cout << ", " << to_iso(spot.day);
    if (!spot.board.empty())
        std::cout << "; board " << plain_text(spot.board, 64) << ", epoch " << plain_text(spot.epoch, 64);
    if (found.seq > 0) std::cout << ", seq " << found.seq;
    if (!found.detail.empty()) std::cout << ": " << plain_text(found.detail, 1000);
    std::cout << '\n';
}

void print_findings(const ProofVerdict& verdict, bool is_false, const std::string& title) {
    bool is_titled = false;
    for (const auto& [spot, found] : verdict.findings) {
        if (proof::is_false(spot.finding) != is_false) continue;
        if (!is_titled) std::cout << title << '\n';
        is_titled = true;
        print_finding(spot, found);
    }
}

void print(const ProofVerdict& verdict) {
    const auto& opening = verdict.opening;
    std::cout << to_iso(opening.from) << " to " << to_iso(opening.until) << ", "
              << (opening.country.empty() ? "all countries" : opening.country) << "; made "
              << to_rfc3339(opening.made).substr(0, 19) << "Z by the office "
              << key_fingerprint(opening.head.office) << '\n'
              << verdict.places << " places, " << verdict.days << " days, " << verdict.records << " records, "
              << verdict.signed_records << " of them signed by their boards, in a list of "
              << opening.head.size << "\n\nRecounted:\n";
    for (const auto& [country, t] : verdict.countries)
        std::cout << "  " << (country.empty() ? "?" : country) << ": " << t.due() << " plays were due; "
                  << t.aired << " aired whole, " << t.partly << " in part, " << t.missed << " missed, "
                  << t.silent << " silent; " << t.shown.count() / 1000 << " of " << t.due_time.count() / 1000
                  << " s shown\n";
    std::cout << '\n';
    print_findings(verdict, true, "FALSE:");
    print_findings(verdict, false, "Not proved:");
    if (verdict.more_findings > 0) std::cout << "  and " << verdict.more_findings << " more\n";
    std::cout << "\nThese keys signed. A board shows its fingerprint on its own status page: compare some of "
                 "them there.\n";
    for (const auto& key : verdict.keys)
        std::cout << "  " << plain_text(key.board, 64) << "  " << key_fingerprint(key.public_key)
                  << "  enrolled " << to_rfc3339(key.enrolled).substr(0, 10) << '\n';
    std::cout << '\n'
              << (verdict.is_false()
                      ? "The bundle is FALSE.\n"
                      : "Every figure is what its records add up to. What is not proved stands "
                        "above.\n");
}

json::object as_json(const ProofVerdict& verdict) {
    json::array findings, keys;
    for (const auto& [spot, found] : verdict.findings)
        findings.push_back(json::object{{"finding", proof::to_text(spot.finding)},
                                        {"false", proof::is_false(spot.finding)},
                                        {"place", plain_text(spot.place, 64)},
                                        {"day", spot.day == no_day ? "" : to_iso(spot.day)},
                                        {"board", plain_text(spot.board, 64)},
                                        {"epoch", plain_text(spot.epoch, 64)},
                                        {"seq", found.seq},
                                        {"count", static_cast<std::int64_t>(found.count)},
                                        {"detail", plain_text(found.detail, 1000)}});
    for (const auto& key : verdict.keys)
        keys.push_back(json::object{{"board", plain_text(key.board, 64)},
                                    {"fingerprint", key_fingerprint(key.public_key)}});
    json::object countries;
    for (const auto& [country, t] : verdict.countries)
        countries[country] = json::object{{"due", t.due()},
                                          {"aired", t.aired},
                                          {"partly", t.partly},
                                          {"missed", t.missed},
                                          {"silent", t.silent},
                                          {"shown_ms", static_cast<std::int64_t>(t.shown.count())},
                                          {"due_ms", static_cast<std::int64_t>(t.due_time.count())}};
    return {{"format", 1},
            {"false", verdict.is_false()},
            {"office", verdict.opening.head.office},
            {"list", static_cast<std::int64_t>(verdict.opening.head.size)},
            {"places", static_cast<std::int64_t>(verdict.places)},
            {"days", static_cast<std::int64_t>(verdict.days)},
            {"records", static_cast<std::int64_t>(verdict.records)},
            {"signed_records", static_cast<std::int64_t>(verdict.signed_records)},
            {"countries", std::move(countries)},
            {"findings", std::move(findings)},
            {"more_findings", static_cast<std::int64_t>(verdict.more_findings)},
            {"keys", std::move(keys)}};
}

}  // namespace

void add_proof(CLI::App& app) {
    struct Options {
        std::string bundle, key;
        std::vector<std::string> heads;
        bool json = false;
    };
    auto* group =
        app.add_subcommand("proof", "an office's figures, counted again without it")->require_subcommand(1);
    auto* command = group->add_subcommand(
        "verify", "count every figure of a bundle again from its records, and say what it does not prove");
    auto o = std::make_shared<Options>();
    command->add_option("BUNDLE", o->bundle, "file of 'riverlight-office proof'; - reads standard input")
        ->required();
    command->add_option("--office-key", o->key, "the office's public key, 64 hex digits");
    command->add_option("--head", o->heads,
                        "file with what the office signed of its list elsewhere: the channel's "
                        "metadata/tree-head.json, or one that a board kept. May stand several times");
    command->add_flag("--json", o->json, "as JSON");
    command->callback([o] {
        proof::VerifyOptions options{o->key, {}};
        for (const auto& file : o->heads) options.heads.push_back(content::read_tree_head(file));
        std::ifstream file;
        if (o->bundle != "-") {
            file.open(o->bundle, std::ios::binary);
            if (!file) throw Error(o->bundle + ": cannot be read");
        }
        const auto verdict = proof::verify_bundle(o->bundle == "-" ? std::cin : file, o->bundle, options);
        if (o->json)
            std::cout << pretty_json(as_json(verdict));
        else
            print(verdict);
        if (verdict.is_false()) throw CLI::RuntimeError(1);
    });
}

}  // namespace riverlight::cli

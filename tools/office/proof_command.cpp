#include "tools/office/proof_command.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tools/office/command_parts.hpp"
#include "tools/office/office.hpp"
#include "tools/office/proof_maker.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

struct ProofOptions {
    std::string state, from, to, country, out;
    std::vector<std::string> hashes_only, heads;
};

/// A bundle that was begun is no bundle: it gets its name once it is whole.
void write_proof(const ProofOptions& o) {
    require_records(o.state);
    ProofRequest request{day_of("--from", o.from),
                         day_of("--to", o.to),
                         o.country,
                         {o.hashes_only.begin(), o.hashes_only.end()},
                         {}};
    for (const auto& file : o.heads) request.heads.push_back(content::read_tree_head(file));
    const auto at = now();
    OfficeStore store(o.state);
    const auto key = load_serving_key(store, o.state, at);
    const auto part = o.out + ".part";
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    if (!out) throw Error(part + ": cannot be written");
    MadeProof made;
    try {
        made = make_proof(o.state, key, request, at, out);
        out.close();
        if (!out) throw Error(part + ": could not be written; check that the disk is not full");
        fs::rename(part, o.out);
    } catch (...) {
        std::error_code ec;
        fs::remove(part, ec);
        throw;
    }
    std::cout << o.out << ": " << made.places << " places, " << made.days << " days, " << made.records
              << " records, in a list of " << made.head.size
              << ". Anyone can count again with 'riverlight proof "
              << "verify'\n";
}

}  // namespace

void add_proof(CLI::App& app) {
    auto* command = app.add_subcommand(
        "proof", "write figures with all that they are counted from, for whoever does not trust the office");
    auto o = std::make_shared<ProofOptions>();
    add_state(*command, o->state);
    command->add_option("--from", o->from, "first day, YYYY-MM-DD, local to each place")->required();
    command->add_option("--to", o->to, "last day, which must be over everywhere")->required();
    command->add_option("--country", o->country, "one country alone: ISO code in upper case, KH");
    command->add_option("--hashes-only", o->hashes_only,
                        "country that does not let out what records say: the bundle holds their hashes. May "
                        "stand several times");
    command->add_option(
        "--head", o->heads,
        "file with what the office signed of its list earlier, such as the channel's "
        "metadata/tree-head.json: the bundle shows that the list goes on from there. May stand "
        "several times; the heads of each day are always in it");
    command->add_option("--out", o->out, "file to write")->required();
    command->callback([o] { write_proof(*o); });
}

}  // namespace riverlight::office

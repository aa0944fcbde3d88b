#pragma once
#include <CLI/CLI.hpp>

namespace riverlight::office {

/// `riverlight-office proof`: writes figures that others can count again without the office
/// (proof_maker.hpp).
void add_proof(CLI::App& app);

}  // namespace riverlight::office

#include "content/channel/metadata.hpp"

#include "content/base/error.hpp"
#include "content/channel/trust.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

namespace {

template <class Parse>
void attempt(const Parse& parse) {
    try {
        parse();
    } catch (const Error&) {
    }
}

/// What a client does with parsed targets before it has checked any signature.
void use_targets(const content::Targets& targets) {
    for (const auto& [path, facts] : targets.targets) {
        static_cast<void>(content::consistent_path(path, facts.sha256));
        for (const auto& delegation : targets.delegations) static_cast<void>(delegation.covers(path));
    }
    for (const auto& delegation : targets.delegations)
        static_cast<void>(content::signatures_by(targets, delegation.keys));
}

}  // namespace

/// The four kinds of TUF metadata: each gives an Error or values; unsigned metadata is never trusted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::Input(data, size).text();
    attempt([&] {
        const auto root = content::parse_root(text, "f");
        fuzz::promise(root.version > 0, "versions are numbered from 1");
        for (const auto& [role, keys] : root.roles) {
            fuzz::promise(keys.threshold > 0, "every role has a threshold above 0");
            fuzz::promise(content::signatures_by(root, keys) <= static_cast<int>(keys.keys.size()),
                          "no key counts twice");
        }
    });
    attempt([&] { fuzz::promise(content::parse_timestamp(text, "f").version > 0, "numbered from 1"); });
    attempt([&] { fuzz::promise(content::parse_snapshot(text, "f").version > 0, "numbered from 1"); });
    attempt([&] { use_targets(content::parse_targets(text, "f")); });
    attempt([&] { static_cast<void>(content::Trust(text, "f")); });
    return 0;
}

#pragma once
#include <cstdint>
#include <string>

#include "content/base/error.hpp"
#include "content/update/system_version.hpp"

/// What an update bundle of RAUC says of itself. Format `verity` (RAUC reference, "Bundle Formats"): a
/// squashfs, the tree of its hashes, a CMS message with the manifest in it, and that message's length as 8
/// bytes, the highest first.
namespace riverlight::content {

/// Why a file cannot be published as an update.
enum class BundleFault : std::uint8_t {
    no_bundle,    ///< not a bundle of RAUC, or of another format than verity
    no_manifest,  ///< its manifest cannot be found in it
    unnamed,      ///< the manifest lacks `compatible` or `version`, or has one that Riverlight cannot use
};
using BundleError = Refused<BundleFault>;

struct BundleManifest {
    std::string compatible;
    SystemVersion version;
};

/// Reads the manifest at the end of a bundle. Does not check its signature: RAUC does on the board. Throws
/// BundleError; Error if the file cannot be read.
[[nodiscard]] BundleManifest read_bundle_manifest(const std::string& path);

}  // namespace riverlight::content

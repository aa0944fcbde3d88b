#include "content/update/bundle.hpp"

#include <array>
#include <fstream>
#include <optional>
#include <sstream>

#include "content/base/cms.hpp"
#include "content/base/plain_text.hpp"
#include "content/update/waves.hpp"

namespace riverlight::content {
namespace {

constexpr std::uint64_t largest_message = 1U << 20;

/// The CMS message at the end of a bundle.
std::string read_message(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error("cannot read " + path + "; name the bundle that firmware/image/build made");
    std::array<char, 4> magic{};
    in.read(magic.data(), magic.size());
    in.seekg(0, std::ios::end);
    const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
    std::array<unsigned char, 8> number{};
    if (std::string_view(magic.data(), magic.size()) != "hsqs" || size < 64)
        throw BundleError(BundleFault::no_bundle, path,
                          "is not an update bundle of RAUC; firmware/image/build makes update.raucb");
    in.seekg(static_cast<std::streamoff>(size - number.size()));
    in.read(reinterpret_cast<char*>(number.data()), number.size());
    std::uint64_t length = 0;
    for (const auto byte : number) length = length << 8 | byte;
    if (!in || length == 0 || length > largest_message || length + number.size() > size)
        throw BundleError(BundleFault::no_bundle, path,
                          "has no signature at its end: it is cut off, or was never signed");
    std::string message(length, '\0');
    in.seekg(static_cast<std::streamoff>(size - number.size() - length));
    in.read(message.data(), static_cast<std::streamsize>(length));
    if (!in) throw Error("cannot read the end of " + path);
    return message;
}

/// The value of a key of the section [update]; nothing if there is none.
std::optional<std::string> find_value(const std::string& manifest, const std::string& key) {
    std::istringstream in(manifest);
    bool within = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('[')) within = line == "[update]";
        if (within && line.starts_with(key + '=')) return line.substr(key.size() + 1);
    }
    return {};
}

}  // namespace

BundleManifest read_bundle_manifest(const std::string& path) {
    const auto manifest = read_cms_content(read_message(path));
    if (!manifest)
        throw BundleError(BundleFault::no_manifest, path,
                          "has no manifest in its signature; bundles of the format verity have");
    const auto compatible = find_value(*manifest, "compatible"), version = find_value(*manifest, "version");
    if (!compatible || !is_compatible(*compatible))
        throw BundleError(BundleFault::unnamed, path,
                          "names no kind of board that Riverlight knows: compatible=" +
                              plain_text(compatible.value_or(""), 80));
    const auto parsed = SystemVersion::parse(version.value_or(""));
    if (!parsed)
        throw BundleError(
            BundleFault::unnamed, path,
            "has no version that can be ordered: version=" + plain_text(version.value_or(""), 80));
    return {*compatible, *parsed};
}

}  // namespace riverlight::content

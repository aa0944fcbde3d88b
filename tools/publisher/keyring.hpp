#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/crypto.hpp"

namespace riverlight::publisher {

/// A key file, `<role>.key` or `<role>.<holder>.key`. Which role a key may sign for is what the channel's
/// metadata say of its public half; the name only serves people.
struct HeldKey {
    std::string path, role, holder, public_hex{};
};

/// The key files of one folder. A file is opened, and its passphrase asked for, when its signature is needed.
class KeyRing {
  public:
    /// No folder, or an empty one, is a ring without keys.
    explicit KeyRing(const std::string& folder, AskPassphrase ask = {});

    [[nodiscard]] const std::vector<HeldKey>& keys() const { return keys_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] bool holds(const std::string& public_hex) const;
    /// Hex; nothing where the key is not held. Throws Error where its file cannot be opened.
    [[nodiscard]] std::optional<std::string> sign(const std::string& public_hex, std::string_view message);

  private:
    std::string folder_;
    AskPassphrase ask_;
    std::vector<HeldKey> keys_;
    std::map<std::string, SigningKey> open_;  ///< by public half
};

}  // namespace riverlight::publisher

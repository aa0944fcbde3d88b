#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/crypto.hpp"

namespace riverlight::publisher {

/// A key file, `<role>.key` or `<role>.<holder>.key`. The name is for people: the channel's metadata decide
/// which roles a key may sign.
struct HeldKey {
    std::string path, role, holder, public_hex{};
};

/// The key files of one folder. Opens a file, and asks for its passphrase, when its signature is needed.
class KeyRing {
  public:
    /// A missing or empty folder gives a ring without keys.
    explicit KeyRing(const std::string& folder, AskPassphrase ask = {});

    [[nodiscard]] const std::vector<HeldKey>& keys() const { return keys_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] bool holds(const std::string& public_hex) const;
    /// The signature as hex; nothing if the ring lacks the key. Throws Error if its file cannot be opened.
    [[nodiscard]] std::optional<std::string> sign(const std::string& public_hex, std::string_view message);

  private:
    std::string folder_;
    AskPassphrase ask_;
    std::vector<HeldKey> keys_;
    std::map<std::string, SigningKey> open_;  ///< by public half
};

}  // namespace riverlight::publisher

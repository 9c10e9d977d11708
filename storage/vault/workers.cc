#include "storage/vault/workers.h"

#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace referrald::vault {
namespace {

constexpr std::string_view kLeafLabel = "rfd-leaf";
// What a key of a leaf is for; never renumber.
constexpr uint8_t kSealUse = 0;
constexpr uint8_t kNonceUse = 1;

}  // namespace

std::optional<Key> Worker::LeafKey(const KeyTree& tree, uint64_t subject, uint8_t use) {
  const Seed* const leaf = path_.Leaf(tree, subject);
  if (leaf == nullptr) return std::nullopt;
  Key key;
  HashSeed(kLeafLabel, leaf->data(), use, key.data());
  return key;
}

bool Worker::ReadyToSeal(const KeyTree& tree, uint64_t subject) {
  if (sealer_of_ == subject) return true;
  const std::optional<Key> key = LeafKey(tree, subject, kSealUse);
  if (!key) return false;
  sealer_.SetKey(*key);
  sealer_of_ = subject;
  return true;
}

bool Worker::ReadyToOpen(const KeyTree& tree, uint64_t subject) {
  if (opener_of_ == subject) return true;
  const std::optional<Key> key = LeafKey(tree, subject, kSealUse);
  if (!key) return false;
  opener_.SetKey(*key);
  opener_of_ = subject;
  return true;
}

bool Worker::ReadyToMakeNonces(const KeyTree& tree, uint64_t subject) {
  if (nonce_mac_of_ == subject) return true;
  const std::optional<Key> key = LeafKey(tree, subject, kNonceUse);
  if (!key) return false;
  nonce_mac_.SetKey(key->text());
  nonce_mac_of_ = subject;
  return true;
}

std::string Worker::RandomNonce() {
  if (random_used_ == random_.size()) {
    REFERRALD_CHECK(FillRandom(random_.data(), random_.size()));
    random_used_ = 0;
  }
  const char* const nonce = reinterpret_cast<const char*>(random_.data()) + random_used_;
  random_used_ += kNonceSize;
  return {nonce, kNonceSize};
}

std::string Worker::ReproducibleNonce(std::string_view context, std::string_view plain) const {
  std::string size;
  AppendBigEndian64(size, context.size());
  const Hash256 hash = nonce_mac_.Compute(size, context, plain);
  return std::string(AsBytes(hash).substr(0, kNonceSize));
}

std::unique_ptr<Worker> Workers::Take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !closed_; });
  idle_.reserve(idle_.size() + lent_ + 1);  // For GiveBack, which must not fail.
  if (idle_.empty()) idle_.push_back(std::make_unique<Worker>());
  std::unique_ptr<Worker> worker = std::move(idle_.back());
  idle_.pop_back();
  ++lent_;
  return worker;
}

void Workers::GiveBack(std::unique_ptr<Worker> worker) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
  --lent_;
  if (closed_ && lent_ == 0) changed_.notify_all();
}

void Workers::ReplaceTree(KeyTree tree) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  changed_.wait(lock, [this] { return lent_ == 0; });
  idle_.clear();
  tree_ = std::move(tree);
  closed_ = false;
  changed_.notify_all();
}

}  // namespace referrald::vault

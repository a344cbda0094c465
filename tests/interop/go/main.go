// Readlog reads a ledger that is published as C2SP tlog-tiles with Go's own packages sumdb/note and
// sumdb/tlog. It shares no code with lifecycle.
//
// It opens the signed checkpoint, follows it from an earlier one by a consistency proof, and proves
// that entries are in the tree, all from tiles that are authenticated against the checkpoint's root.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	log.SetFlags(0)
	key := flag.String("key", "", "the log's public key, name+id+key")
	cosigner := flag.String("cosigner", "", "a cosigner's public key")
	earlier := flag.String("earlier", "", "a file with an earlier checkpoint, to be continued")
	entries := flag.String("entries", "", "a file with the log's entries from the first, base64, a line each")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("name the folder or the address of the log")
	}
	published := source{flag.Arg(0)}
	if err := check(published, *key, *cosigner, *earlier, *entries); err != nil {
		log.Fatal(err)
	}
}

func check(published source, key, cosigner, earlier, entries string) error {
	verifiers, err := verifiersOf(key, cosigner)
	if err != nil {
		return err
	}
	signed, err := published.read("checkpoint")
	if err != nil {
		return err
	}
	tree, signers, err := openCheckpoint(signed, verifiers)
	if err != nil {
		return err
	}
	fmt.Printf("checkpoint of %d events, signed by %s\n", tree.N, strings.Join(signers, ", "))
	hashes := tlog.TileHashReader(tree, tileReader{published, map[tlog.Tile][]byte{}})
	if earlier != "" {
		if err := checkContinuation(earlier, verifiers, tree, hashes); err != nil {
			return err
		}
	}
	if entries != "" {
		return checkEntries(entries, tree, hashes)
	}
	return nil
}

// openCheckpoint verifies the note and returns the tree that it signs and the names of the signers.
func openCheckpoint(signed []byte, verifiers note.Verifiers) (tlog.Tree, []string, error) {
	opened, err := note.Open(signed, verifiers)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	var signers []string
	for _, signature := range opened.Sigs {
		signers = append(signers, signature.Name)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return tlog.Tree{}, nil, errors.New("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, signers, err
}

// checkContinuation proves that the tree continues an earlier checkpoint.
func checkContinuation(file string, verifiers note.Verifiers, tree tlog.Tree, hashes tlog.HashReader) error {
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, _, err := openCheckpoint(signed, verifiers)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, before.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return err
	}
	fmt.Printf("continues the checkpoint of %d events\n", before.N)
	return nil
}

// checkEntries proves for each entry that it stands at its place.
func checkEntries(file string, tree tlog.Tree, hashes tlog.HashReader) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	scanner := bufio.NewScanner(opened)
	scanner.Buffer(nil, 1<<24)
	number := int64(0)
	for ; scanner.Scan(); number++ {
		entry, err := base64.StdEncoding.DecodeString(scanner.Text())
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, number, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, number, tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %w", number, err)
		}
	}
	fmt.Printf("%d entries are in the tree\n", number)
	return scanner.Err()
}

// source is where the log is published: a folder or an http address.
type source struct{ address string }

func (s source) read(path string) ([]byte, error) {
	if !strings.HasPrefix(s.address, "http://") {
		return os.ReadFile(filepath.Join(s.address, filepath.FromSlash(path)))
	}
	answer, err := http.Get(strings.TrimSuffix(s.address, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// tileReader reads tiles at the paths of C2SP tlog-tiles, which leave out the height. It remembers
// those that tlog has authenticated.
type tileReader struct {
	published source
	known     map[tlog.Tile][]byte
}

func (r tileReader) Height() int { return tileHeight }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	contents := make([][]byte, len(tiles))
	for i, tile := range tiles {
		if content, ok := r.known[tile]; ok {
			contents[i] = content
			continue
		}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
		content, err := r.published.read(path)
		if err != nil {
			return nil, err
		}
		contents[i] = content
	}
	return contents, nil
}

func (r tileReader) SaveTiles(tiles []tlog.Tile, contents [][]byte) {
	for i, tile := range tiles {
		r.known[tile] = contents[i]
	}
}

func verifiersOf(key, cosigner string) (note.Verifiers, error) {
	logVerifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	if cosigner == "" {
		return note.VerifierList(logVerifier), nil
	}
	cosignerVerifier, err := newCosignerVerifier(cosigner)
	if err != nil {
		return nil, err
	}
	return note.VerifierList(logVerifier, cosignerVerifier), nil
}

// cosignerVerifier verifies a C2SP tlog-cosignature, cosignature/v1 with Ed25519.
type cosignerVerifier struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

func newCosignerVerifier(written string) (note.Verifier, error) {
	parts := strings.SplitN(written, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a cosigner's key has three parts")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not a cosigner's Ed25519 key")
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(digest[:4]) != parts[1] {
		return nil, errors.New("the id of the cosigner's key does not match")
	}
	hash := binary.BigEndian.Uint32(digest[:4])
	return cosignerVerifier{parts[0], hash, ed25519.PublicKey(key[1:])}, nil
}

func (v cosignerVerifier) Name() string    { return v.name }
func (v cosignerVerifier) KeyHash() uint32 { return v.hash }

func (v cosignerVerifier) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	var signed bytes.Buffer
	fmt.Fprintf(&signed, "cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	signed.Write(message)
	return ed25519.Verify(v.public, signed.Bytes(), signature[8:])
}

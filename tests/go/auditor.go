// An auditor of its own: checks an exported log with Go's checksum database code, and shares no line with portvakt.
//
//	auditor [-from RECORD] FOLDER VERIFIER-KEY [ANCHOR]
//
// FOLDER is what `portvakt log export --tiles` wrote (C2SP tlog-tiles), VERIFIER-KEY the first line that `portvaktd init`
// printed, ANCHOR a checkpoint that was kept from earlier, RECORD the first one of a log whose oldest have left. Prints size and root and exits 0, or says what is wrong and
// exits 6.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

func main() {
	from := flag.Int64("from", 0, "the first record of which there is an entry, a multiple of 256")
	flag.Parse()
	words := flag.Args()
	if len(words) != 2 && len(words) != 3 || *from%width != 0 {
		fmt.Fprintln(os.Stderr, "usage: auditor [-from RECORD] FOLDER VERIFIER-KEY [ANCHOR]")
		os.Exit(2)
	}
	tree, err := audit(*from, words[0], words[1], words[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT VERIFIED:", err)
		os.Exit(6)
	}
	fmt.Printf("verified\nsize %d\nroot %s\n", tree.N, base64.StdEncoding.EncodeToString(tree.Hash[:]))
}

func audit(from int64, folder, key string, anchors []string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	tree, err := checkpoint(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return tree, err
	}
	reader := tlog.TileHashReader(tree, tiles(folder))
	if root, err := tlog.TreeHash(tree.N, reader); err != nil || root != tree.Hash {
		return tree, fmt.Errorf("the tiles do not lead to the signed root: %v", err)
	}
	if err := records(from, folder, tree, reader); err != nil {
		return tree, err
	}
	for size := from + 1; size < tree.N; size = size*3 + 1 {
		older, err := tlog.TreeHash(size, reader)
		if err != nil {
			return tree, err
		}
		if err := extends(tree, tlog.Tree{N: size, Hash: older}, reader); err != nil {
			return tree, err
		}
	}
	for _, path := range anchors {
		anchor, err := checkpoint(path, verifier)
		if err != nil {
			return tree, err
		}
		if err := extends(tree, anchor, reader); err != nil {
			return tree, fmt.Errorf("the log does not go on from the anchor: %w", err)
		}
	}
	return tree, nil
}

// checkpoint opens a C2SP tlog-checkpoint: origin, size and root, then lines of the log's own.
func checkpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	octets, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(octets, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("this is no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tlog.Tree{}, fmt.Errorf("this is no size: %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// records hashes every entry, and proves every 61st and the last to be under the root.
func records(from int64, folder string, tree tlog.Tree, reader tlog.HashReader) error {
	for first := from; first < tree.N; first += width {
		count := tree.N - first
		if count > width {
			count = width
		}
		entries, err := bundle(folder, first/width, int(count))
		if err != nil {
			return err
		}
		indexes := make([]int64, count)
		for at := range indexes {
			indexes[at] = tlog.StoredHashIndex(0, first+int64(at))
		}
		leaves, err := reader.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for at, entry := range entries {
			index := first + int64(at)
			leaf := tlog.RecordHash(entry)
			if leaf != leaves[at] {
				return fmt.Errorf("entry %d is not what the tree was built over", index)
			}
			if index%61 != 0 && index != tree.N-1 {
				continue
			}
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
				return err
			}
		}
	}
	return nil
}

// bundle reads the entries of a data tile, each behind its length.
func bundle(folder string, number int64, count int) ([][]byte, error) {
	path := strings.Replace(tlog.Tile{H: height, L: 0, N: number, W: count}.Path(), "tile/8/0/", "tile/entries/", 1)
	octets, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	rest := bytes.NewBuffer(octets)
	for rest.Len() > 0 {
		prefix := rest.Next(2)
		if len(prefix) < 2 {
			return nil, fmt.Errorf("%s ends in a length", path)
		}
		length := int(binary.BigEndian.Uint16(prefix))
		entry := rest.Next(length)
		if len(entry) < length {
			return nil, fmt.Errorf("%s ends in an entry", path)
		}
		entries = append(entries, entry)
	}
	if len(entries) != count {
		return nil, fmt.Errorf("%s holds %d entries, not %d", path, len(entries), count)
	}
	return entries, nil
}

func extends(tree, older tlog.Tree, reader tlog.HashReader) error {
	if older.N > tree.N {
		return fmt.Errorf("it covers %d records, the log only %d", older.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, older.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash)
}

// tiles reads hash tiles. A path in an export does not say the height, which is always 8.
type tiles string

func (tiles) Height() int                     { return height }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		octets, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		if len(octets) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d octets", path, len(octets))
		}
		found = append(found, octets)
	}
	return found, nil
}

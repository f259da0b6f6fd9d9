"""``python -m policy_corpus``: the command line."""

from policy_corpus.cli import main

if __name__ == "__main__":
    main()

"""Question banks in many shapes are read as what they are."""

from __future__ import annotations

import textwrap

import pytest

from corpus.banks import find_questions

CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a lone question heading": (
        """
        # Interview notes

        ## Why do we scale the dot products in attention?

        They grow with the dimension.

        - so we divide by its root
        """,
        [("Why do we scale the dot products in attention?", "They grow with the dimension.")],
    ),
    "a card for each number of the gaps": (
        r"""
        {{c1::RNA::acid}} is made by {{c2::polymerase}}, not by {{c1::DNA}}.

        The root of {{c1::$\frac{1}{n}$ {{c2::twice}}}}.
        """,
        [
            ("Fill the gap: _____ (acid) is made by polymerase, not by _____.", "RNA; DNA"),
            ("Fill the gap: RNA is made by _____, not by DNA.", "polymerase"),
            ("Fill the gap: The root of _____.", r"$\frac{1}{n}$ twice"),
            (r"Fill the gap: The root of $\frac{1}{n}$ _____.", "twice"),
        ],
    ),
    "a lone question heading in capitals, without its mark": (
        """
        ## WHAT IS DROPOUT
        Switching units off at random in training.
        """,
        [("WHAT IS DROPOUT", "Switching units off")],
    ),
    "a lone heading that tells how it works": (
        """
        ## How it works
        Units are switched off at random in training.
        """,
        [],
    ),
    "a lone labelled question": (
        """
        Q: WHAT IS A TOKEN?
        A: A piece of text.
        """,
        [("WHAT IS A TOKEN?", "A piece of text.")],
    ),
    "a question heading deeper than the others, and one that is a part of an answer": (
        """
        ## What is a token?

        A piece of text.

        ## What is attention?

        A weighing of values.

        ### Why does it help?

        Every token sees all others.

        #### What is the cost?

        It is quadratic.

        #### What is multi-head attention?

        Several attentions in parallel.

        ## What is a context window?

        All that the model reads at once.
        """,
        [
            ("What is a token?", "A piece of text."),
            ("What is attention?", "A weighing of values.\n\n### Why does it help?"),
            ("What is multi-head attention?", "Several attentions in parallel."),
            ("What is a context window?", "All that the model reads at once."),
        ],
    ),
    "numbered lines with list answers and chatter at the end": (
        """
        Interview notes
        1. What is a mutex?
        A lock that one thread holds at a time.
        2. How do you avoid deadlock?
        Use one of:
        A fixed order of locks (e.g. by address).
        1. Timeouts
        2. Try-lock
        3. Why are threads cheaper than processes?
        They share one address space.
        Would you like me to turn these into flashcards?
        Last updated 3 days ago
        """,
        [
            ("What is a mutex?", "A lock that one thread holds at a time."),
            ("How do you avoid deadlock?", "Use one of:\nA fixed order"),
            ("Why are threads cheaper than processes?", "They share one address space."),
        ],
    ),
    "numbered headings with source links and an answer that is only a link": (
        """
        # 3 questions

        #### 1) What is a heap? [[src](http://a.b/c)]
        [[Answer]](http://a.b/d)

        A tree in which parents come before children. [[src]](http://a.b/e)

        #### 2) Implement a [trie](http://a.b/f) in C. [[src](http://a.b/c)]

        [[Answer]](http://a.b/g)

        #### 3) Reverse a list in place. [[src](http://a.b/c)]
        """,
        [
            ("What is a heap?", "[[Answer]](http://a.b/d)\n\nA tree"),
            ("Implement a trie in C.", ""),
            ("Reverse a list in place.", ""),
        ],
    ),
    "details with lists in the summary and empty bodies": (
        """
        ## Nets

        <details>
        <summary>What is a port?</summary><br><b>

        A number that names a service on a host.
        </b></details>

        <details>
        <summary>Explain the following:

          * TCP
          * UDP</summary><br><b>
        </b></details>

        <details>
        <summary>True or False? DNS uses port 53</summary><br><b>

        True
        </b></details>
        """,
        [
            ("What is a port?", "A number that names a service on a host."),
            ("Explain the following:", ""),
            ("True or False? DNS uses port 53", "True"),
        ],
    ),
    "question with its answer hidden in details below": (
        """
        ### 1. Which keyword makes a constant?

        <details><summary><b>Answer</b></summary>

        `const`, but the object it names may change.

        </details>

        ### 2. Which loop runs once at least?

        <details><summary><b>Answer</b></summary>

        `do ... while`

        </details>
        """,
        [
            ("Which keyword makes a constant?", "`const`, but the object"),
            ("Which loop runs once at least?", "`do ... while`"),
        ],
    ),
    "a table of contents and headings": (
        """
        # Questions

        - [What is a view?](#what-is-a-view)
        - [What is an index?](#what-is-an-index)
        - [Why normalise?](#why-normalise)

        ## What is a view?

        A stored query.

        [Back to top](#questions)

        ## What is an index?

        An ordered copy of some columns.

        **[⬆ Back to Top](#questions)**

        ## Why normalise?

        To say each fact once.
        """,
        [
            ("What is a view?", "A stored query."),
            ("What is an index?", "An ordered copy of some columns."),
            ("Why normalise?", "To say each fact once."),
        ],
    ),
    "list items that hold headings": (
        """
        1. ### What is a closure?

            A function with the variables around it.

            ```js
            const f = () => x; // what?
            ```

        2. ### What is hoisting?

            Declarations are moved up.

        3. ### What is `this`?

            **[⬆ Back to Top](#x)**
        """,
        [
            ("What is a closure?", "A function with the variables around it.\n\n```js"),
            ("What is hoisting?", "Declarations are moved up."),
            ("What is this?", ""),
        ],
    ),
    "labels": (
        """
        Q: What is RAM?
        A: Memory that is lost without power.

        Q: And ROM?
        It is asked often.
        A: Memory that is kept.
        """,
        [
            ("What is RAM?", "Memory that is lost without power."),
            ("And ROM? It is asked often.", "Memory that is kept."),
        ],
    ),
    "numbers and labels in bold": (
        """
        **Q1. What is a stack?**

        **Answer:** Last in, first out.

        **Q2. What is a queue?**

        **Answer:** First in, first out.
        """,
        [("What is a stack?", "Last in, first out."), ("What is a queue?", "First in, first out.")],
    ),
    "bold lines with marks of difficulty and placeholders": (
        """
        ## Trees

        **What is a leaf? 👶**

        A node **without** children.

        <br/>

        **How is a tree balanced? 🚀**

        Answer here

        <br/>

        **What is its depth? ‍⭐️**

        The longest path.
        """,
        [
            ("What is a leaf?", "A node **without** children."),
            ("How is a tree balanced?", ""),
            ("What is its depth?", "The longest path."),
        ],
    ),
    "bullets with nested answers, among other bullets": (
        """
        # Interview questions

        - [Site](https://a.b)
        - [Blog](https://a.c)

        ### Must know

        - Cache
        - Queue

        ### Basics

        - What is a cache?
            - Answer: [Watch](https://a.b/v)
        - What is a queue? How is it used?
            - Answer: A line of jobs.
        - Explain sharding.
        """,
        [
            ("What is a cache?", ""),
            ("What is a queue? How is it used?", "A line of jobs."),
            ("Explain sharding.", ""),
        ],
    ),
    "bullets without answers": (
        """
        ---
        title: Questions
        ---

        * What does `doctype` do?
        * Describe the difference between `<a>` and `<b>`.
        * Why would you use `srcset`? Explain the process.
        """,
        [
            ("What does doctype do?", ""),
            ("Describe the difference between <a> and <b>.", ""),
            ("Why would you use srcset? Explain the process.", ""),
        ],
    ),
    "a table": (
        """
        | No. | Question | Level | Answer |
        | --- | --- | --- | --- |
        | 1 | What is a byte? | easy | Eight bits. |
        | 2 | What is a\\|b? | hard | A pipe.<br>Or a union. |
        """,
        [("What is a byte?", "Eight bits."), ("What is a|b?", "A pipe.\nOr a union.")],
    ),
    "cards on one line and around a question mark": (
        """
        #flashcards

        Capital of Peru::Lima
        std::vector is not a card

        What is the boiling point
        of water?
        ?
        100 degrees
        <!--SR:!2024-01-01,3,250-->
        """,
        [("Capital of Peru", "Lima"), ("What is the boiling point\nof water?", "100 degrees")],
    ),
    "cards by tag": (
        """
        What is a monad? #flashcard
        A monoid in the category of endofunctors.
        Some say.
        ---
        What is a functor? #flashcard
        Something that can be mapped.
        ---
        """,
        [
            ("What is a monad?", "A monoid in the category of endofunctors.\nSome say."),
            ("What is a functor?", "Something that can be mapped."),
        ],
    ),
    "org headings": (
        """
        #+TITLE: Cards
        * Biology
        ** What is a cell? :drill:
        :PROPERTIES:
        :ID: 1
        :END:
        The unit of life.
        ** What is DNA? :drill:
        A molecule.
        """,
        [("What is a cell?", "The unit of life."), ("What is DNA?", "A molecule.")],
    ),
    "blocks for Anki": (
        """
        START
        Basic
        What is a vertex?
        Back: A point of a graph.
        Tags: graphs
        END

        START
        Cloze
        The {{c1::edge}} joins two points.
        END
        """,
        [
            ("What is a vertex?", "A point of a graph."),
            ("Fill the gap: The _____ joins two points.", "edge"),
        ],
    ),
    "definition lists": (
        """
        Kernel
        : The part that runs first.

        Shell
        : The part you type into.
        """,
        [("Kernel", "The part that runs first."), ("Shell", "The part you type into.")],
    ),
    "one question a line": (
        """
        What is your name?
        Where do you live?
        Why are you here?
        """,
        [("What is your name?", ""), ("Where do you live?", ""), ("Why are you here?", "")],
    ),
    "numbered, with the answer's label": (
        """
        Q.1 What is a bus?
        Ans: A set of wires.

        Q.2 Define a register.
        Ans: A small fast memory.

        Q.3 Is a cache slower than main memory?
        Ans. No.
        """,
        [
            ("What is a bus?", "A set of wires."),
            ("Define a register.", "A small fast memory."),
            ("Is a cache slower than main memory?", "No."),
        ],
    ),
    "headings with only a number": (
        """
        ## Question 1

        Which law relates voltage and current?

        ### Answer

        Ohm's law.

        ## Question 2

        What is the unit of charge?

        ### Answer

        The coulomb.
        """,
        [
            ("Which law relates voltage and current?", "Ohm's law."),
            ("What is the unit of charge?", "The coulomb."),
        ],
    ),
    "code that is never closed does not swallow the rest": (
        """
        ### 1. What does this print?

        ```py
        print(1)

        ### 2. And what is a generator?

        A function that yields.

        ```py
        yield 1
        ```
        """,
        [
            ("What does this print?", "```py\nprint(1)"),
            ("And what is a generator?", "A function that yields."),
        ],
    ),
}


def dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


@pytest.mark.parametrize("name", CASES)
def test_a_bank_is_read(name: str) -> None:
    text, expected = CASES[name]
    found = find_questions(dedented(text))
    assert [
        f.ask if "\n" in e[0] else f.ask.split("\n")[0]
        for f, e in zip(found, expected, strict=False)
    ] == [ask for ask, _ in expected]
    assert len(found) == len(expected)
    for one, (_, answer) in zip(found, expected, strict=True):
        assert one.answer.startswith(answer) if answer else not one.answer


def test_levels_and_topics() -> None:
    found = find_questions(
        dedented(CASES["bold lines with marks of difficulty and placeholders"][0])
    )
    assert [f.level for f in found] == [1, 5, 3]
    assert {f.topic for f in found} == {"Trees"}
    found = find_questions(dedented(CASES["a table"][0]))
    assert [f.level for f in found] == [2, 4]


PROSE = """
# On caches

A cache keeps recent results. Why would you want that? Because reading again is slow.

## Kinds

- Write-through caches write at once.
- Write-back caches write later.

See also:

1. [Docs](http://a.b)
2. [Blog](http://a.c)
"""


def test_prose_is_no_bank() -> None:
    assert find_questions(PROSE) == []

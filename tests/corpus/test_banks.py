"""Question banks in many shapes are read as what they are; nothing is invented."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.banks import find_questions

CASES: dict[str, tuple[str, list[tuple[str, str]]]] = {
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


CHOICES: dict[str, tuple[str, list[tuple[str, ...]], str]] = {
    "options after code, the answer in details": (
        """
        ###### 1. What's the output?

        ```js
        log(1)
        ```

        - A: `1`
        - B: `2`

        <details><summary><b>Answer</b></summary>
        <p>

        #### Answer: A

        It logs what it is given.

        </p>
        </details>

        ###### 2. What's the output?

        ```js
        log(2)
        ```

        - A: `1`
        - B: `2`

        <details><summary><b>Answer</b></summary>
        <p>

        #### Answer: B

        The same.

        </p>
        </details>
        """,
        [("A",), ("B",)],
        "A: 1\n\nIt logs what it is given.",
    ),
    "in another language": (
        """
        ###### 1. Was ist die Ausgabe?

        - A: eins
        - B: zwei

        <details><summary><b>Antwort</b></summary>
        <p>

        #### Antwort: B

        Weil es so ist.
        </p>
        </details>

        ###### 2. Was ist die Ausgabe?

        - A: drei
        - B: vier

        <details><summary><b>Antwort</b></summary>
        <p>

        #### Antwort: A

        </p>
        </details>
        """,
        [("B",), ("A",)],
        "B: zwei\n\nWeil es so ist.",
    ),
    "check boxes, some with code": (
        """
        #### P1. ¿Qué archivo se edita?

        - [x] uno.xml
        - [ ] dos.xml

        #### P2. ¿Qué código es correcto?

        - [ ]

        ```java
        a();
        ```

        - [x]

        ```java
        b();
        ```

        [Referencia](http://a.b)
        """,
        [("A",), ("B",)],
        "A: uno.xml",
    ),
    "a key at the end": (
        """
        1. Which is a prime?
        a) 4
        b) 7
        c) 9

        2. Which is even?
        a) 4
        b) 7
        c) 9

        Answer key
        1. b
        2. a
        """,
        [("B",), ("A",)],
        "B: 7",
    ),
    "the right one in words, or marked": (
        """
        Q1: Which planet is the largest?
        A) Mars
        B) Jupiter
        Correct answer: Jupiter

        Q2: Which is a star?
        A) Sun ✓
        B) Moon
        """,
        [("B",), ("A",)],
        "B: Jupiter",
    ),
    "no answer given": (
        """
        1. Which planet is the largest?
        A) Mars
        B) Jupiter
        C) Venus

        2. Which is a star?
        A) Sun
        B) Moon
        C) Mars

        3. Which has rings?
        A) Saturn
        B) Moon
        C) Mars
        """,
        [(), (), ()],
        "",
    ),
}


@pytest.mark.parametrize("name", CHOICES)
def test_multiple_choice(name: str) -> None:
    text, right, answer = CHOICES[name]
    found = find_questions(dedented(text))
    assert [f.right for f in found] == right
    assert all(len(f.options) >= 2 for f in found)
    assert found[0].answer == answer
    assert len({f.ask for f in found}) == len(found) or "Ausgabe" in found[0].ask


def test_code_belongs_to_the_question() -> None:
    found = find_questions(dedented(CHOICES["options after code, the answer in details"][0]))
    assert "log(1)" in found[0].ask and "log(2)" in found[1].ask


def test_a_lettered_list_may_be_an_answer() -> None:
    found = find_questions(
        "1. What are the kinds?\nThere are two kinds:\na) fast\nb) slow\n2. Why?\nBecause.\n"
    )
    assert found[0].options == () and "a) fast" in found[0].answer


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


PIECES = [
    *(
        "# ",
        "## Q1. ",
        "1. ",
        "2. ",
        "- ",
        "- [x] ",
        "A: ",
        "**",
        "What is x?",
        "Answer: B",
        "::",
        "?",
    ),
    *(
        "<details><summary>",
        "</summary>",
        "</details>",
        "```",
        "| a | b |\n|---|---|\n",
        "{{c1::z}}",
    ),
    *(
        " #card",
        "one",
        "two three.",
        "[a](b)",
        "[",
        "]",
        "(",
        "<b>",
        "START\n",
        "END\n",
        "\t",
        "    ",
    ),
    *("é", "\x1b[2J", "A) ", "B) ", "\n", "\n\n"),
]
piece = st.sampled_from(PIECES)


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text))


@given(st.lists(piece, max_size=60).map("".join))
def test_any_text_is_read_and_nothing_is_invented(text: str) -> None:
    for found in find_questions(text):
        labels = "|".join(re.escape(o.partition(":")[0]) for o in found.options) or "(?!)"
        for said in (found.ask.removeprefix("Fill the gap: "), found.answer):
            said = re.sub(rf"^(?:{labels}): ", "", said, flags=re.M)
            # `in` on an iterator consumes it: every letter stands in the text, in this order.
            rest = iter(letters(text))
            assert all(letter in rest for letter in letters(said))
            assert "\x1b" not in said
        assert 1 <= found.line <= text.count("\n") + 1

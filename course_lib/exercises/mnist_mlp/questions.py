"""The quiz: on which numbers of a training can be trusted, and what they say."""

from course_lib.checking.questions import Question, Right, Wrong, quiz

QUIZ = quiz(
    "quiz_mnist_mlp",
    Question(
        "validation",
        "Why do the curves show 6,000 images that were set aside, and not the 10,000 test images?",
        [
            Wrong(
                "the test images are harder, so the curves would look worse",
                "How hard the images are is not the reason, and hard ones would be worth seeing.",
                "Ask what happens to a score if you choose rate and epochs by it.",
            ),
            Wrong(
                "Keras can evaluate only on what it has split off itself",
                "`validation_data` takes any data, the test images too; that it is possible does not make it honest.",
                "Ask what happens to a score if you choose rate and epochs by it.",
            ),
            Right(
                "whoever chooses by a score makes it too good; the test score is for the end",
                "The best of many tries on a set is partly luck on that set. Images by which nothing was chosen say "
                "how good the network is.",
            ),
            Wrong(
                "the network learns from validation images, too",
                "No step is taken on validation images; the network learns nothing from them.",
                "The network does not learn from them, but somebody who looks at the curves does.",
            ),
        ],
    ),
    Question(
        "not_trained",
        "Of 671,754 parameters 1,024 are not trained. Which?",
        [
            Right(
                "the moving means and variances of the batch normalization",
                "They are counted along, a mean and a variance for each of 512 units, and no gradient changes them.",
            ),
            Wrong(
                "the masks of the two dropout layers",
                "A mask is drawn anew for each batch and belongs to no parameter.",
                "Look at the summary: which layer has parameters that get no gradient? What does it keep of its "
                "batches?",
            ),
            Wrong(
                "the factors γ and shifts β of the batch normalization",
                "γ and β get a gradient like every weight. They are the *other* 1,024 of the layer's 2,048.",
                "What else does the layer keep for each of its 512 units?",
            ),
            Wrong(
                "the biases of the two hidden layers",
                "Biases are trained.",
                "Look at the summary: which layer has parameters that get no gradient? What does it keep of its "
                "batches?",
            ),
        ],
    ),
    Question(
        "first_epoch",
        "After the first epoch accuracy is lower in training than in validation. Why?",
        [
            Wrong(
                "the network overfits",
                "Overfitting is the opposite: better on the training images than on others.",
                "Ask what differs between the two measurements: when each is taken, and what is switched on.",
            ),
            Wrong(
                "the validation images happen to be easier",
                "Later the order is reversed, on the same images.",
                "Ask what differs between the two measurements: when each is taken, and what is switched on.",
            ),
            Wrong(
                "some images are in both sets",
                "Training and validation images are cut apart, with none in both.",
                "Ask what differs between the two measurements: when each is taken, and what is switched on.",
            ),
            Right(
                "it was measured with dropout, and while the network was still learning",
                "The training number is a mean over the whole epoch, its bad beginning included, with units switched "
                "off; validation comes at the end with all of them.",
            ),
        ],
    ),
    Question(
        "row_column",
        "In another network's confusion matrix, row 4, column 9 holds 15, and row 9, column 4 holds 10. So",
        [
            Wrong(
                "15 nines were taken for fours",
                "Rows are the true digits and columns the predicted ones, not the other way round.",
                "Read it aloud: row 4 holds the images of which digit? Column 9, those taken for which?",
            ),
            Right(
                "15 fours were taken for nines",
                "Row 4 holds the images of fours, and column 9 counts those of them that were taken for nines.",
            ),
            Wrong(
                "25 images show a digit that is neither",
                "Every image shows one digit. The two counts are two kinds of mistake.",
                "Read each entry aloud: the images of which digit are in its row, and taken for which in its column?",
            ),
            Wrong(
                "15 of every 100 fours were taken for nines",
                "The entries are counts of images, not shares.",
                "What is the sum of a row?",
            ),
        ],
    ),
    Question(
        "certain",
        "Of the answers on test images with p above 0.999, fewer than 1 in 500 were wrong. Now the network calls a "
        "triangle a digit, with p = 1.00. How sure may you be?",
        [
            Wrong(
                "as sure: fewer than 1 in 500 such answers are wrong",
                "The count was made on digits of MNIST. A triangle is none, and of answers to triangles all are wrong.",
                "Ask which pictures the count was made on, and whether this one is like them.",
            ),
            Wrong(
                "surer: p is 1.00, and was only above 0.999 there",
                "A larger p does not help where the picture is like none that the network was trained on.",
                "Ask which pictures the count was made on, and whether this one is like them.",
            ),
            Right(
                "the count says nothing of it: it holds for images like those on which it was made",
                "How often an answer is right can be counted only on pictures like the one that is asked about.",
            ),
            Wrong(
                "not at all: p never says how often an answer is right",
                "On the test images it did: the table shows more right answers where p was larger.",
                "Look at the table again: what did p say about the test images?",
            ),
        ],
    ),
    hints=[
        "Each question has its paragraph above: below `one_hot`, in the warm-up, below the two curves, with the "
        "confusion matrix, and below the two tables of probabilities.",
        "For `first_epoch` ask what the network does while training that it does not do in validation.",
    ],
)

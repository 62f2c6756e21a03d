"""The class: where nbgrader finds the chapters and puts what a class produces. Works for every `nbgrader …` command."""

import contextlib
import os
import sys
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ComputeChecksums,
    DeduplicateIds,
    IgnorePattern,
    IncludeHeaderFooter,
    InstantiateTests,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
    SaveCells,
)

from course_lib.data.sources import folder as data_folder
from course_lib.grading.batch.scoring import CheckMetadata, SaveScores
from course_lib.grading.execute import ExecuteSplit
from course_lib.grading.restoring import RestoreCells
from course_lib.grading.student_version import ClearSolutionsOrBreakThem, LeaveOutProofs

c = get_config()  # noqa: F821  (nbgrader provides it)

# The root is this file's folder, wherever the command is typed.
root = Path(__file__).resolve().parent
# Grades, submissions and the term's secret: for the teacher alone.
classroom = root / "classroom"
with contextlib.suppress(PermissionError):  # a learner who validates in a course that only the teacher may write
    classroom.mkdir(mode=0o700, exist_ok=True)

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "descent"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solution"
c.CourseDirectory.source_with_tests_directory = "classroom/source_with_tests"
c.CourseDirectory.db_url = f"sqlite:///{classroom / 'gradebook.db'}"

# Grades are for the teacher alone too, and not for the repository.
c.ExportPlugin.to = str(classroom / "grades.csv")
c.ExportApp.plugin_class = "course_lib.grading.export.QuotedCsvExport"

# The engine knows this exception as "not written yet".
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("Replace this line with your code.")'}

# nbgrader's own steps, but for cells that only CI reads, and repairs, which begin with the buggy code.
c.GenerateAssignment.preprocessors = [
    LeaveOutProofs,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    ClearSolutionsOrBreakThem,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
]

# A chapter with TensorFlow trains for minutes on two cores; widgets and long demonstrations decide no score.
c.Execute.timeout = 600
c.Execute.startup_timeout = 120
c.Execute.skip_cells_with_tag = "demo"
c.ExecuteSplit.left_out_with_tag = "proof"

# Submissions run in a sandbox, and see nothing of this machine but Python and the data sets.
c.ExecuteSplit.readable = [str(data_folder())] if data_folder().is_dir() else []
c.ExecuteSplit.variables = {"DESCENT_DATA": str(data_folder())}

# First of all the notebook becomes what the gradebook says it is.
c.Autograde.sanitize_preprocessors = [
    RestoreCells,
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    CheckMetadata,
]
c.Autograde.autograde_preprocessors = [
    ExecuteSplit,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveScores,
    AssignLatePenalties,
    CheckMetadata,
]

# nbgrader's page, without hidden tests, and with nothing in it that could run or load.
c.GenerateFeedback.exporter_class = "course_lib.grading.feedback.FeedbackExporter"

# nbgrader calls the program `alembic` when it makes a gradebook; it lies beside this Python, activated or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
# What kernels inherit: the same numbers on every machine, and no TensorFlow chatter on stderr, which would cost points.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
